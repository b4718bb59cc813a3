"""From publishing to bytes: what a stored page is (page), who makes and voids one (render), who sends it (door)."""
