"""Monitoring: what needs somebody's attention, told in the admin, in `doctor`, to load balancers, in figures and in the log."""
