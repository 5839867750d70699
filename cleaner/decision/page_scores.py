"""The scores that a page is decided by: the model's, moved by the type of the page, without dialogs that ask for
consent.
"""

from typing import Final

import numpy as np

from cleaner.decision.page_view import ARTICLE
from cleaner.document import Evidence, Label, Origin
from cleaner.segment.page import Page
from cleaner.text import odds
from cleaner.text.arrays import Columns, Flags, Floats

#: Log-odds by which the model is too low about the blocks of a page of a type. It has learned from nine articles in ten
#: pages. With scores of models that had not seen the sites, the likelihood of gold is highest with .5 for services,
#: listings, collections and manuals, .25 for forums and 0 for products; word F1, which a list gains as a whole, with
#: these.
TOO_LOW: Final = {"listing": 1.5, "collection": 1.0, "service": 0.5, "forum": 0.5, "documentation": 0.5}
#: Probabilities are moved no further than to these.
BOUND: Final = 1e-9

#: Names of the dialogs of consent managers, which a saved page holds also where they do not show. Their paragraphs
#: explain purposes and partners in full sentences.
_DIALOG_NAMES: Final = """
    onetrust-consent-sdk onetrust-banner-sdk onetrust-pc-sdk cybotcookiebotdialog didomi-host didomi-popup
    didomi-notice qc-cmp2-container usercentrics-root fides-overlay fides-modal fides-banner fides-consent-content
    ensmodal ensmodalwrapper truste-consent-track cmplz-cookiebanner cmplz-cookiebanner-container
    cky-consent-container cky-modal iubenda-cs-banner klaro borlabscookiebox moove_gdpr_cookie_modal
    cookie-law-info-bar fc-consent-root ccc-notify ccc-overlay ccc-content axeptio_overlay tarteaucitronroot cmpbox
    cmpwrapper hs-eu-cookie-confirmation osano-cm-window osano-cm-dialog
"""
_DIALOGS: Final = frozenset(sign + name for sign in "#." for name in _DIALOG_NAMES.split())
#: Why they go.
CONSENT: Final = Evidence(
    "notice.cookie", Label.NOTICE, 4.0, "in a dialog that asks for consent", origin=Origin.ELEMENT
)


def moved_by_type(columns: Columns, scores: Floats) -> Floats:
    """The scores with the log-odds by which the model is too low about such a page: ``(n_blocks,) float64``.

    Each type counts by its probability. Pages that are judged as articles stay as they are.
    """
    if columns["type_article"][0] >= ARTICLE:
        return scores
    shift = sum(too_low * float(columns[f"type_{name}"][0]) for name, too_low in TOO_LOW.items())
    return odds.probability(odds.log_odds(np.clip(scores, BOUND, 1 - BOUND)) + shift)


def in_consent_dialog(page: Page) -> Flags:
    """Which blocks stand in a dialog of a known consent manager: ``(n_blocks,) bool``."""
    elements = page.elements
    dialogs = elements.styles_with(_DIALOGS)
    if not dialogs:
        return np.zeros(len(page.blocks), bool)
    inside = elements.inside(lambda at: elements.style[at] in dialogs and elements.tag(at) not in ("html", "body"))
    return np.array([inside[block.node] for block in page.blocks], bool)
