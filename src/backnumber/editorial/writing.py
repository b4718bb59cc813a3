"""The field in which an editor writes. Wagtail's believes whatever JSON the browser sends; this one reads it first."""

import json
from collections.abc import Mapping
from typing import Any

from wagtail.admin.rich_text import DraftailRichTextArea

from backnumber.characters import seen_within


class WritingArea(DraftailRichTextArea):
    """Draftail's field. Characters that cannot be seen are taken out; of what Draftail cannot have sent nothing is taken."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str | None:
        sent = data.get(name)
        if sent is None:
            return None
        try:
            written: str | None = super().value_from_datadict(
                {name: json.dumps(seen_within(json.loads(sent)))}, files, name
            )
        except Exception:  # of many kinds, Draftail's exporter's own among them
            return ""
        return written
