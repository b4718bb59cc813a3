"""The gate, broken one check at a time: for each check a piece of source, what stands there instead, and the rows that must find it.

Left out is what no asker can tell: checks that another one repeats (the rule asks of a gift's article what both readers of its cookie
ask), and what stands in triggers. Those have tests of their own rooms.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutant:
    """`before` stands in the module exactly once."""

    what: str
    module: str
    before: str
    after: str
    rows: tuple[int, ...]


def _of(module: str, *told: tuple[str, str, str, tuple[int, ...]]) -> tuple[Mutant, ...]:
    return tuple(
        Mutant(what, f"backnumber.{module}", before, after, rows) for what, before, after, rows in told
    )


_SHOWN = "return LeadIn(article, _without_trailing_heading(shown), "


def _left(what: str, *kinds: str) -> tuple[str, str, str, tuple[int, ...]]:
    """Every block of these kinds is left in the lead-in."""
    more = f"tuple(b for b in blocks if type(b).__name__ in {kinds!r})"
    return (
        f"{what} left in lead-ins",
        _SHOWN,
        f"return LeadIn(article, _without_trailing_heading(shown) + {more}, ",
        (1,),
    )


MUTANTS = (
    *_of(
        "access.scopes",
        ("evidence is not asked for", "grant.evidence is None", "False", (37,)),
        ("a revoked grant opens", "grant.revoked_at is not None and grant.revoked_at <= now", "False", (37,)),
        ("a grant opens before it begins", "now < grant.starts", "False", (37,)),
        ("an embargo holds for nobody with a grant", "asked.on_sale is not None and now < asked.on_sale and grant", "False and grant", (37,)),
        ("an ended grant opens", "grant.until is not None and now >= grant.until", "False", (37,)),
        ("any title, issue or article is the granted one", "if granted == asked else otherwise", "if True else otherwise", (37,)),
        ("a scope that names nothing is everything", "None:\n        return Fit.MALFORMED\n    return Fit.FITS if", "None:\n        return Fit.FITS\n    return Fit.FITS if", (37,)),
        ("a span without bounds is all", "scope.first_date is None and scope.last_date is None", "False", (37,)),
        ("a span has no first day", "scope.first_date is not None and asked.cover_date < scope.first_date", "False", (37,)),
        ("a span has no last day", "scope.last_date is not None and asked.cover_date > scope.last_date", "False", (37,)),
        ("a span is of any title", "!= asked.title:\n        return Fit.OTHER_TITLE\n    early", "== -1:\n        return Fit.OTHER_TITLE\n    early", (37,)),
        ("the latest years are of any title", "!= asked.title:\n        return Fit.OTHER_TITLE\n    this_year", "== -1:\n        return Fit.OTHER_TITLE\n    this_year", (37,)),
        ("every year is one of the latest", "if asked.cover_date.year > this_year - scope.years else", "if True else", (37,)),
        ("what moves with the years is kept", "grant.kept.kind is not ScopeKind.RECENT", "True", (37,)),
        ("all is kept", "_covers(grant.kept, asked, now) is Fit.FITS", "True", (37,)),
    ),
    *_of(
        "access.rules",
        ("what has ended opens", "OPENS = (Fit.FITS, Fit.KEPT)", "OPENS = (Fit.FITS, Fit.KEPT, Fit.ENDED)", (1,)),
        ("an embargo holds nothing that is open", "policy is None or not on_sale(asked, now):\n        return _deny", "policy is None:\n        return _deny", (38,)),
        ("every piece is open", "policy is Policy.OPEN:", "True:", (1,)),
        ("an account is not asked for", "policy is Policy.SIGN_IN and asker.reader is not None", "policy is Policy.SIGN_IN", (1,)),
        ("an account is enough", "policy is Policy.SIGN_IN and asker.reader is not None", "asker.reader is not None", (1,)),
        ("an ended gift opens", "and gift.article == asked.article and now < gift.until", "and gift.article == asked.article", (31,)),
    ),
    *_of(
        "access.openings",
        ("a window is open before it begins", "window.starts <= now < window.until", "now < window.until", (38,)),
        ("any day is the day of the year", "_same_day(today.year, anniversary.month, anniversary.day) == today", "True", (38,)),
        ("every piece is old enough", "and today >= free", "and True", (38,)),
        ("every piece is new", "and today < paid", "and True", (38,)),
    ),
    *_of("access.meter", ("the meter never ends", "not again and len(counted) < allowance", "not again", (32,))),
    *_of("access.sharing", ("every answer may be shared", "decision.reason in (ANYONE if decision.allowed else _SHUT_FOR_ALL)", "True", (32,))),
    *_of("archive.rules", ("a policy nobody knows is open", "if named in set(Policy) else None", "if named in set(Policy) else Policy.OPEN", (38,))),
    *_of(
        "edge.page.seals",
        ("a seal is not looked at", "hmac.compare_digest(_mac(key, content), seal)", "True", (29, 31)),
        ("half a seal is enough", "_mac(key, content), seal)", "_mac(key, content)[:8], seal[:8])", (29,)),
        ("a sealed text has several spellings", 'base64.urlsafe_b64encode(sealed).rstrip(b"=").decode() != text', "False", (29,)),
    ),
    *_of(
        "edge.page.passes",
        ("a pass of any version", "version != VERSION", "False", (29,)),
        ("a pass with something after its end", "tuple(grants) if at == len(content) else None", "tuple(grants)", (29,)),
    ),
    *_of(
        "edge.page.counting",
        ("what is fetched ahead of time is a person's opening", "or _is_ahead_of_time(headers)", "or False", (32,)),
        ("what is fetched by a page is a person's opening", '.strip().lower() != "document"', '.strip().lower() == ""', (32,)),
        ("a program is a person", "not any(word in ours for word in NOT_A_PERSON) and not _is_listed(name)", "True", (32,)),
        ("who has no name is a person", "bool(ours) and", "True and", (32,)),
    ),
    *_of(
        "edge.page.places",
        ("every hop is trusted", "while _is_in(nearest, trusted):", "while True:", (28,)),
        ("the farthest hop is believed", 'in reversed(value.split(",")) if', 'in value.split(",") if', (28,)),
        ("a network is its institution's for ever", "and (self.until is None or now < self.until)", "", (28,)),
        ("a network is its institution's before its day", "(self.starts is None or self.starts <= now) and", "", (28,)),
    ),
    *_of(
        "edge.door.credentials",
        ("another session's pass is accepted", 'held is not None and held.session != passes.session_digest(session or "")', "False", (29,)),
        ("an ended pass is good", "now < held.until\n", "True\n", (29,)),
        ("a pass of an earlier number is good", "held.generation >= self.generations.get(held.reader, 0)", "True", (29,)),
        ("the pass of an ended session is good", "held.session not in self.sessions", "True", (29,)),
        ("a revoked gift opens", "min(gift.until, now)) if gift.id in self.revoked.gifts else gift", "gift.until)", (31,)),
        ("what a cookie holds for another purpose is a gift", "tokens.gift_from(credentials.gift, self.keys.gift)", "tokens.gift_from(credentials.gift, self.keys.gift) or tokens.gift_from(credentials.gift, self.keys.meter)", (31,)),
        ("what a cookie holds for another purpose is a pass", 'passes.opened(cookies.get(passes.COOKIE, ""), self.keys.passes) if', '(passes.opened(cookies.get(passes.COOKIE, ""), self.keys.passes) or passes.opened(cookies.get(passes.COOKIE, ""), self.keys.meter)) if', (29,)),
        ("what a cookie holds for another purpose are reads", "tokens.reads_from(credentials.meter, self.keys.meter, now, self.period)", "tokens.reads_from(credentials.meter, self.keys.meter, now, self.period) or tokens.reads_from(credentials.meter, self.keys.gift, now, self.period)", (32,)),
        ("everything is counted by the meter", "not is_counted(request.method, named)", "False", (32,)),
    ),
    *_of(
        "edge.door.responding",
        ("everybody is sent the whole text", "facts.whole if decision is not None and decision.allowed else facts.closed", "facts.whole or facts.closed", (1,)),
        ("every answer of the door is shared", "cookies is None and may_be_shared(decision)", "True", (20,)),
        ("an answer that is ready is anybody's", "signed_in, decision.reason if decision else None, _told_apart(decision))", "signed_in)", (31,)),
        ("a metered read is not counted", "decision.meter is not None and decision.meter.spends:", "False:", (32,)),
    ),
    *_of("edge.door.request", ("any tag is the page's own", "etag in (one", "True or etag in (one", (22,))),
    *_of(
        "edge.door.app",
        ("any host is ours", 'host in self.hosts or host.rpartition(b":")[0] in self.hosts', "True", (26,)),
        ("a name with an underscore is one with a hyphen", 'any(b"_" in name for name, _ in scope["headers"])', "False", (28,)),
    ),
    *_of("edge.door.page_cache", ("what was rendered before a change is good", "if not self._unchanged(page.facts.keys", "if False and not self._unchanged(page.facts.keys", (34,))),
    *_of(
        "edge.door.change_listener",
        ("of pages nothing is heard", "self._cache.hear(keys)", "pass", (34,)),
        ("of ended sessions nothing is heard", "revoked.sessions.add(bytes.fromhex(mark))", "pass", (29,)),
        ("of rights taken back nothing is heard", "revoked.generations[key] = max(int(number), revoked.generations.get(key, 0))", "pass", (29,)),
        ("of revoked gifts nothing is heard", "revoked.gifts.add(int(gift))", "pass", (31,)),
    ),
    *_of("edge.door.startup_state", ("networks out of use count", "WHERE in_use AND is_active", "WHERE is_active", (28,)), ("former customers count", "WHERE in_use AND is_active", "WHERE in_use", (28,))),
    *_of(
        "archive.readable",
        _left("quotations", "Quotation"),
        _left("verse", "Verse"),
        _left("lists", "Listing"),
        _left("boxes", "Timeline", "FurtherReading"),
        _left("pull quotes", "PullQuote"),
        _left("tables", "Table"),
        _left("typewritten text", "Preformatted"),
        _left("pictures", "PictureRef"),
        _left("notes", "Note"),
        _left("headings", "Heading"),
        ("what stands between the first paragraphs is left", "not isinstance(block, (*_RUNNING_TEXT, Heading))", "isinstance(block, Note)", (1,)),
        ("a lead-in is as long as can be", "words >= LEAD_IN_WORDS * 3 // 4", "words >= LEAD_IN_WORDS * 30", (1,)),
        ("an editor's count is not kept", "in blocks[:ends_after] if", "in blocks[: ends_after + 9] if", (1,)),
    ),
    *_of(
        "archive.queries",
        ("Django cuts nothing", "decision)\n    return lead_in(article.pk, blocks, _ends_after(article))", "decision)\n    return lead_in(article.pk, blocks, 99)", (1, 7)),
        ("feeds tell all", "return lead_in(article.pk, _blocks(article), _ends_after(article))", "return lead_in(article.pk, _blocks(article), 99)", (4,)),
        ("drafts have pages and are listed", 'no\n    query more.\n    """\n    return (\n        Article.objects.filter(live=True, issue__live=True)', 'no\n    query more.\n    """\n    return (\n        Article.objects.filter()', (14, 16)),
    ),
    *_of(
        "website.reading",
        ("corrections are told to all", "tuple(article.corrections.all()) if readable.is_whole else ()", "tuple(article.corrections.all())", (1,)),
    ),
    *_of(
        "syndication.machines",
        ("programs are told all corrections, as Markdown", r'_corrections(page) if page.gate is None else f"---\n\n{_gate(page.gate)}"', "_corrections(page)", (7,)),
        ("programs are told all corrections, as JSON", "if whole\n        else []", "if True\n        else []", (6,)),
    ),
    *_of("syndication.structured", ("every piece is said to be free", "is_free(decision)", "True", (2,)), ("what a reader may read is said to be free", "is_free(decision)", "decision.allowed", (2,))),
    *_of("gate.asking", ("programs read by the meter", "replace(asker_of(request, replace(asked, policy=None), now), meter=None)", "asker_of(request, asked, now)", (32,))),
    *_of(
        "institutions.queries",
        ("Django takes networks out of use for places", "AND network.in_use AND owner.is_active", "AND owner.is_active", (28,)),
        ("Django takes former customers for places", "AND network.in_use AND owner.is_active", "AND network.in_use", (28,)),
        ("Django takes former networks for places", "AND (network.ends_on IS NULL OR network.ends_on >= %(today)s)", "", (28,)),
        ("Django takes coming networks for places", "AND (network.starts_on IS NULL OR network.starts_on <= %(today)s)", "", (28,)),
    ),
    *_of(
        "website.article_response",
        ("every answer of Django is shared", 'request.COOKIES or request.META.get("CSRF_COOKIE_NEEDS_UPDATE") or not may_be_shared(decision)', "False", (20,)),
    ),
    *_of(
        "website.searching",
        ("snippets are of the whole text", '" ".join(to_text(readable, heading=str).split())', '" ".join(archive.index_text(article).split())', (11,)),
        ("searches are not counted", "not _may_search(request, who, now)", "False", (12,)),
        ("found pages may be shared", '"private, no-store"', '"public, max-age=60"', (11,)),
    ),
    *_of(
        "website.pictures",
        ("a picture's address may be guessed", "found is None or not hmac.compare_digest(_signature(found, width), signature)", "found is None", (35,)),
        ("a picture's right is not asked for at its address", "not found.may_be_shown(timezone.now()) or", "", (35,)),
        ("a picture's right is not asked for on pages", "key in at_hand and at_hand[key].may_be_shown(now)", "key in at_hand", (35,)),
    ),
    *_of("gifts.rules", ("anybody may give", "decide(asked, Asker(reader, own), now).reason is Reason.GRANT", "True", (31,)), ("a gift may be given on", "if grant.evidence in GIVING", "if True", (31,))),
    *_of(
        "gifts.queries",
        ("any token is a link's", "token_digest=digest_of(token), article=article, reader__is_active=True\n    ).first()", "article=article, until__gt=now\n    ).order_by('pk').first()", (31,)),
    ),
    *_of("gifts.asking", ("Django opens by a revoked gift", "gift_in_database(gift) if now < gift.until else gift", "gift", (31,))),
    *_of("gifts.opening", ("a token's answer may be kept", '"Cache-Control": "private, no-store"', '"Cache-Control": "public, max-age=60"', (31,))),
    *_of(
        "readers.next_address",
        ("a reader may be led anywhere", '    if not given or len(given) > 2000 or not given.startswith("/") or given.startswith("//"):\n        return None\n    if "\\\\" in given or any(ord(c) < 33 or ord(c) == 127 for c in given):\n        return None\n    return given if url_has_allowed_host_and_scheme(given, allowed_hosts=None) else None', '    if not given:\n        return None\n    if False:\n        return None\n    return given', (33,)),
    ),
)  # fmt: skip
