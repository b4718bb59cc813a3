"""What other machines read of the archive: feeds, citations, structured data, sitemaps. Lead-ins only."""
