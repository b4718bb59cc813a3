"""Libraries and schools: who they are, the networks they come from, and what they are licensed to read."""
