"""The door and the pages that join several rooms."""
