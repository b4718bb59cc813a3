"""The faults that stay, each with the element it concerns. A line that no page needs any more fails a test.

All but the last few are in Wagtail's own templates, which are not ours to mend; its pages of groups, workflows and the
staff's own settings, in which nothing is ours, are no states.
"""

from tests.markup.faults import Allowed

_W3C, _VALIDATE, _AXE = "w3c", "html-validate", "axe"
_CHOOSER = "the field of a chooser is hidden, and its button is labelled by the same words"
_DIALOGUE = "a dialogue that is closed is hidden by its script"
_STREAM = "the fields of a block are made by Wagtail's script; what kind of block it is stands above"
_LIST = "how Wagtail draws the columns and buttons of a list"
_BARS = "the bars beside a form"
_PASSKEY = "its script sends it, when the key has answered"

ALLOWED = (
    Allowed(_W3C, "table row was 1 columns wide", r"</th>\s*</tr>", "the dialogue of keyboard shortcuts has headings in its table"),
    Allowed(_VALIDATE, "aria-label-misuse", r"^#[a-z-]+-dialog$", _DIALOGUE),
    Allowed(_VALIDATE, "hidden-focusable", r"^#[a-z-]+-dialog >|^#id_(expire|go_live)_at|_at-wrapper", _DIALOGUE),
    Allowed(_W3C, "none of them has a computed heading level of 1", "keyboard-shortcuts-dialog", "a form's name is the field that says it"),
    Allowed(_AXE, "page-has-heading-one", "^html$", "a form's name is the field that says it"),
    Allowed(_W3C, "“required”|must not have any “aria-", r'<input type="hidden"', _CHOOSER),
    Allowed(_W3C, "“for” attribute", r"<label .*-label", _CHOOSER),
    Allowed(_VALIDATE, "input-attributes", r"^#id_(article|issue|title)$", _CHOOSER),
    Allowed(_VALIDATE, "valid-for", r"^#id_[\w-]+-label$", _CHOOSER),
    Allowed(_W3C, "Bad value “” for attribute “(src|width|height)”", "data-chooser-image", "filled in when a picture is chosen"),
    Allowed(_VALIDATE, "attribute-allowed-values", "^#id_cover-chooser .* img$", "filled in when a picture is chosen"),
    Allowed(_W3C, "Section lacks heading", r'<section [^>]*(class="w-panel|w-tabs__panel)', "a panel's heading is a label, a tab's is the tab"),
    Allowed(_VALIDATE, "wcag/h30", r"-section > div:nth-child\(1\) > a", "the link to a panel is a mark, named by the panel's heading"),
    Allowed(_VALIDATE, "unique-landmark", "^#inline_child_.*-panel-section$", "rows of a form of several rows have one name"),
    Allowed(_AXE, "landmark-unique", "^#block-.*-section$", "two blocks of one kind have one name", is_late=True),
    Allowed(_VALIDATE, "text-content", "-DELETE-button$", "the button has a picture, which has a title"),
    Allowed(_W3C, "not allowed as child of element “button”", '<div class="w-flex|side-panel-toggle', _BARS),
    Allowed(_W3C, "not allowed as child of element “label”", "form-side__resize-grip-icon", _BARS),
    Allowed(_VALIDATE, "element-permitted-content", r"(button(:nth-child\(\d\))?|label|#w-preview-iframe) > div$", _BARS),
    Allowed(_W3C, "Text not allowed in element “iframe”", "<div>|</div>", "words for browsers without frames"),
    Allowed(_VALIDATE, "empty-heading", "^#w-content-checker-row-template", "a template that its script fills in"),
    Allowed(_VALIDATE, "wcag/h32", "^#main .* > header .* > form$", "its script sends it"),
    Allowed(_AXE, "scrollable-region-focusable", "w-minimap__list", _BARS, is_late=True),
    Allowed(_AXE, "target-size", "#w-minimap-toggle", _BARS, is_late=True),
    Allowed(_AXE, "aria-input-field-name", r'^div\[aria-describedby="placeholder-', _STREAM, is_late=True),
    Allowed(_AXE, "label|label-title-only", r"^#body-\d+-", _STREAM, is_late=True),
    Allowed(_AXE, "label|region", "^#HandsontableCopyPaste$", "the table's script copies through it", is_late=True),
    Allowed(_AXE, "^label$", "ui-autocomplete-input", "tags are typed into a field that its script makes", is_late=True),
    Allowed(_AXE, "aria-allowed-role", r'^h2\[role="alert"\]', "how many were found is said aloud"),
    Allowed(_W3C, "“alert” for attribute “role”", "<h2", "how many were found is said aloud"),
    Allowed(_AXE, "aria-required-parent", "w-w-fit", "a tab among forms with errors", is_late=True),
    Allowed(_W3C, "role=tab", r'role="tab"', "a tab among forms with errors"),
    Allowed(_W3C, "for attribute “datetime”", "w-human-readable-date", "Python writes a microsecond where HTML has a millisecond"),
    Allowed(_W3C, "“width” attribute on the “col”|element “col” has no cells", "<col width", _LIST),
    Allowed(_VALIDATE, "no-deprecated-attr|element-permitted-content", r"> col:nth-child", _LIST),
    Allowed(_W3C, "Stray (start|end) tag “td”", "</td>|bulk-action-checkbox-cell", _LIST),
    # Ours, each for its reason.
    Allowed(_W3C, "“never” for attribute “value”", 'name="on"', "a word in the address where a day belongs comes back with its message"),
    Allowed(_VALIDATE, "meta-refresh", "meta", "waiting for money: nothing is typed there, each look comes later, and the last is by hand", "dan /checkout/"),
    Allowed(_VALIDATE, "wcag/h32", r"^#main > div > form$", _PASSKEY, "olga /account/second-factor/keys/add/"),
    Allowed(_VALIDATE, "wcag/h32", r"^#main > div > form$", _PASSKEY, "edith /account/second-factor/again/key/"),
    Allowed(_VALIDATE, "no-redundant-for", "^#id_by > div", "how Django writes a choice of a few: a label with its field in it", "dan /give/"),
    Allowed(_VALIDATE, "form-dup-name", r"^#id_offered_to_\d$|> fieldset > label:nth-child.* > input$", "boxes of one question have one name"),
    Allowed(_VALIDATE, "wcag/h32", r"^#passkey$", _PASSKEY, "edith /account/second-factor/sign-in/"),
)  # fmt: skip
