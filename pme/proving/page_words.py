"""What the pages say on which anybody asks about a certificate or a file: English and French.

What was found in a file is told in sentences of its own (`pme.proving.french`).
"""

from dataclasses import dataclass, fields

from pme.certificates.press.languages import words_for
from pme.proving.worth import Worth


@dataclass(frozen=True)
class PageWords:
    """The words of one language; `{}` takes a number of megabytes."""

    language: str
    other: str
    wrong: str
    problem: str
    verify: str
    file_title: str
    file_lead: str
    file: str
    file_hint: str
    text: str
    text_hint: str
    code_title: str
    code_lead: str
    code: str
    code_hint: str
    code_unknown: str
    code_unknown_title: str
    have_file: str
    send_it: str
    and_see: str
    have_return: str
    send_return: str
    result_of: str
    worths: dict[Worth, str]
    demo_title: str
    demo: str
    found: str
    differences: str
    field: str
    as_issued: str
    in_file: str
    not_in_file: str
    number: str
    holder: str
    course: str
    issued: str
    academy: str
    no_name: str
    every_field: str


ENGLISH = PageWords(
    language="en",
    other="Français",
    wrong="Error: ",
    problem="There is a problem",
    verify="Verify",
    file_title="Verify a file",
    file_lead=(
        "Send the certificate as you have it. It is compared with what the academy signed, looked at once and kept "
        "nowhere."
    ),
    file="Certificate (PDF), credential (JSON or JWT), or a photo of its QR code",
    file_hint="Up to {} MB. Send the PDF itself where you can: a photo or a print proves less.",
    text="Text of the QR code",
    text_hint="If you have no file: all that a scanner reads from the code, from https:// on.",
    code_title="Verify a certificate",
    code_lead="Scan the QR code of a certificate, or enter the code that is printed beside it.",
    code="Verification code",
    code_hint="24 letters and digits. Capitals and dashes do not matter.",
    code_unknown=(
        "No certificate has this code. Compare it with the printed one, letter by letter. If it is still unknown, "
        "this platform did not issue it."
    ),
    code_unknown_title="Not a certificate of this platform",
    have_file="You have the file, or a photo of the code?",
    send_it="Send it",
    and_see="and see whether it is the one that was issued.",
    have_return="To check a completion return of an academy,",
    send_return="send its file",
    result_of="Verification of a file",
    worths={
        Worth.VALID: "Valid",
        Worth.ALTERED: "Altered",
        Worth.REVOKED: "Revoked",
        Worth.SUPERSEDED: "Replaced by another",
        Worth.EXPIRED: "No longer valid",
        Worth.UNKNOWN_ISSUER: "Unknown issuer",
        Worth.UNPROVEN: "Not proved",
        Worth.UNREADABLE: "Not readable",
    },
    demo_title="DEMO",
    demo="DEMO: the academy only shows how the platform works. This is no real certificate.",
    found="What was found",
    differences="Where the file differs from what was issued",
    field="Field",
    as_issued="As issued",
    in_file="In the file",
    not_in_file="Not in the file",
    number="Number",
    holder="Holder",
    course="Course",
    issued="Issued on",
    academy="Academy",
    no_name="No longer kept",
    every_field="See every field of the record",
)
FRENCH = PageWords(
    language="fr",
    other="English",
    wrong="Erreur : ",
    problem="Quelque chose ne va pas",
    verify="Vérifier",
    file_title="Vérifier un fichier",
    file_lead=(
        "Envoyez le certificat tel que vous l’avez. Il est comparé avec ce que l’académie a signé, lu une seule fois, "
        "et n’est conservé nulle part."
    ),
    file="Certificat (PDF), attestation (JSON ou JWT) ou photo de son code QR",
    file_hint=(
        "Jusqu’à {} Mo. Envoyez le PDF lui-même si vous le pouvez : une photo ou une impression prouve moins."
    ),
    text="Texte du code QR",
    text_hint="Si vous n’avez pas de fichier : tout ce qu’un lecteur lit dans le code, à partir de https://.",
    code_title="Vérifier un certificat",
    code_lead="Lisez le code QR d’un certificat, ou saisissez le code imprimé à côté.",
    code="Code de vérification",
    code_hint="24 lettres et chiffres. Les majuscules et les tirets ne comptent pas.",
    code_unknown=(
        "Aucun certificat ne porte ce code. Comparez-le avec celui qui est imprimé, lettre par lettre. S’il reste "
        "inconnu, ce n’est pas cette plateforme qui l’a délivré."
    ),
    code_unknown_title="Pas un certificat de cette plateforme",
    have_file="Vous avez le fichier, ou une photo du code ?",
    send_it="Envoyez-le",
    and_see="pour savoir si c’est bien celui qui a été délivré.",
    have_return="Pour vérifier un état des réussites scellé par une académie,",
    send_return="envoyez son fichier (page en anglais)",
    result_of="Vérification d’un fichier",
    worths={
        Worth.VALID: "Valable",
        Worth.ALTERED: "Altéré",
        Worth.REVOKED: "Révoqué",
        Worth.SUPERSEDED: "Remplacé par un autre",
        Worth.EXPIRED: "N’est plus valable",
        Worth.UNKNOWN_ISSUER: "Émetteur inconnu",
        Worth.UNPROVEN: "Non prouvé",
        Worth.UNREADABLE: "Illisible",
    },
    demo_title="DÉMO",
    demo="DÉMO : l’académie montre seulement comment la plateforme fonctionne. Ce n’est pas un vrai certificat.",
    found="Ce qui a été constaté",
    differences="Ce qui diffère, dans le fichier, de ce qui a été délivré",
    field="Champ",
    as_issued="Délivré",
    in_file="Dans le fichier",
    not_in_file="Absent du fichier",
    number="Numéro",
    holder="Titulaire",
    course="Cours",
    issued="Délivré le",
    academy="Académie",
    no_name="N’est plus conservé",
    every_field="Voir tous les champs enregistrés",
)
PAGE_WORDS = {"en": ENGLISH, "fr": FRENCH}
FIELDS = {
    "Course": "Cours",
    "Academy": "Académie",
    "Academy's identifier": "Identifiant de l’académie",
    "Nation": "Pays",
    "Valid from": "Valable à partir du",
    "Valid until": "Valable jusqu’au",
    "Issued on": "Délivré le",
    "Place in the list of withdrawals": "Place dans la liste des retraits",
    "Holder": "Titulaire",
    "Rank": "Grade",
    "Number": "Numéro",
    "Result": "Résultat",
    "Workload": "Volume de travail",
    "Credits": "Crédits",
    "Edition": "Édition",
    "Statement": "Mention",
    "Outcomes and levels": "Acquis et niveaux",
    "Replaces": "Remplace",
    "Address": "Adresse",
    "Certificate": "Certificat",
    "Signatory": "Signataire",
}


def field_named(field: str, language: str) -> str:
    """A field as people call it in this language; one that is known by its path or a third language stays as it is."""
    return field if language == "en" else FIELDS.get(field, _printed().get(field, field))


def _printed() -> dict[str, str]:
    """What certificates in English print before a fact, and what those in French print there."""
    english, french = words_for("en"), words_for("fr")
    pairs = ((getattr(english, each.name), getattr(french, each.name)) for each in fields(english))
    return {one: other for one, other in pairs if isinstance(one, str)}
