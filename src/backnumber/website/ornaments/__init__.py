"""Engraved ornaments for covers: eleven families, each grown from a seed, as pieces of SVG. Pure; no text in any."""
