"""Print subscribers: the bureau's file, and the claim by which one gets the online right."""
