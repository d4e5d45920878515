"""The fixed words around a page on paper, in the languages that pages are read in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language's words."""

    language: str
    page: str
    of: str
    version: str
    draft: str
    read_at: str
    terms: str
    references: str
    check: str
    answer_it: str
    to_verify: str
    superseded: str
    discreet: str


ENGLISH = Words(
    language="en",
    page="Page",
    of="of",
    version="Version of",
    draft="Draft of",
    read_at="On the platform:",
    terms="Terms on this page",
    references="References",
    check="Check",
    answer_it="Answer it on the page",
    to_verify="To be verified",
    superseded="Superseded",
    discreet="PME, human security education. Not an official NATO product; no endorsement implied.",
)
FRENCH = Words(
    language="fr",
    page="Page",
    of="sur",
    version="Version du",
    draft="Brouillon du",
    read_at="Sur la plateforme :",
    terms="Termes de cette page",
    references="Références",
    check="Question de contrôle",
    answer_it="Répondre sur la page",
    to_verify="À vérifier",
    superseded="Remplacé",
    discreet=(
        "PME, formation à la sécurité humaine. Ce n’est pas un produit officiel de l’OTAN ; "
        "aucune approbation n’est sous-entendue."
    ),
)
UKRAINIAN = Words(
    language="uk",
    page="Сторінка",
    of="з",
    version="Версія від",
    draft="Чернетка від",
    read_at="На платформі:",
    terms="Терміни на цій сторінці",
    references="Джерела",
    check="Контрольне запитання",
    answer_it="Відповісти на сторінці",
    to_verify="Потребує перевірки",
    superseded="Замінено",
    discreet=(
        "PME, навчання з людської безпеки. Це не офіційний продукт НАТО і не означає жодного схвалення."
    ),
)
ARABIC = Words(
    language="ar",
    page="صفحة",
    of="من",
    version="نسخة",
    draft="مسودة",
    read_at="على المنصة:",
    terms="مصطلحات هذه الصفحة",
    references="المراجع",
    check="سؤال تحقق",
    answer_it="الإجابة عنه في الصفحة",
    to_verify="يحتاج إلى تحقق",
    superseded="حل محله غيره",
    discreet="PME، تعليم الأمن الإنساني. ليس منتجًا رسميًا لحلف الناتو ولا يعني أي تأييد.",
)
_BY_LANGUAGE = {words.language: words for words in (ENGLISH, FRENCH, UKRAINIAN, ARABIC)}


def words_for(language: str) -> Words:
    """The words of a language; English where there are none."""
    return _BY_LANGUAGE.get(language, ENGLISH)
