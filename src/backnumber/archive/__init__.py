"""Titles, volumes, issues, sections, articles, contributors, pictures and their rights; the one cut of an article's text."""
