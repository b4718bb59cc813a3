"""A document as PDF, set by typst when it is asked for. Nothing of the machine takes part: the fonts are typst's own and the reading
face, no file but the template is read, and what a document says is handed over as data, which typst never takes for markup.
"""

from datetime import datetime
from functools import cache
from pathlib import Path

import font_source_serif_pro
import msgspec
import typst

from backnumber.invoices.wording import Wording, breakable

FOLDER = Path(__file__).with_name("typesetting")
_FACES = Path(font_source_serif_pro.__file__).parent / "files"


class NotSet(RuntimeError):
    """Typst could not set a document; the message is its own."""


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(_FACES)])


@cache
def _template() -> bytes:
    return (FOLDER / "document.typ").read_bytes()


def as_pdf(wording: Wording, issued_at: datetime) -> bytes:
    """Promise: the document; the same bytes for the same document, today and in ten years with the same version of typst.

    Errors: NotSet.
    """
    said = msgspec.json.encode(_breakable(msgspec.to_builtins(wording))).decode()
    try:
        compiler = typst.Compiler(
            _template(),
            root=FOLDER,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            sys_inputs={"said": said},
            package_path=FOLDER,
            package_cache_path=FOLDER,
        )
        made = compiler.compile(format="pdf", timestamp=int(issued_at.timestamp()))
    except typst.TypstError as why:
        raise NotSet(str(why)) from why
    assert isinstance(made, bytes)
    return made


def _breakable(said: object) -> object:
    if isinstance(said, str):
        return breakable(said)
    if isinstance(said, dict):
        return {name: _breakable(one) for name, one in said.items()}
    if isinstance(said, (list, tuple)):
        return [_breakable(one) for one in said]
    return said
