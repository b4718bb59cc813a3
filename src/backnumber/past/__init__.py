"""The past inside the articles: the times, people, places and events found in them, what editors say of each, and the pages by which readers walk through it."""
