"""What the verification page says of a certificate, in English and in French. Dates and labels come from the press."""

from dataclasses import dataclass

from pme.certificates.models import Ground


@dataclass(frozen=True)
class RecordWords:
    """The words of one language; `{}` takes a date, and in `revoked` a date and a ground."""

    language: str
    other: str
    kicker: str
    title: str
    states: dict[str, str]
    valid: str
    valid_erased: str
    revoked: str
    expired: str
    corrected: str
    renewed: str
    demo_title: str
    demo: str
    rank: str
    certificate: str
    statement: str
    academy: str
    code: str
    levels: str
    earned: str
    replaced_by: str
    corrected_result: str
    no_name: str
    no_rank: str
    the_holder: str
    not_stated: str
    outcomes: str
    signed_by: str
    for_systems: str
    as_json: str
    as_jwt: str
    holding: str
    send_file: str
    no_network: str
    single_file: str
    stands_for: str
    grounds: dict[Ground, str]


ENGLISH = RecordWords(
    language="en",
    other="Français",
    kicker="Verification",
    title="Certificate {}",
    states={
        "valid": "Valid",
        "revoked": "Revoked",
        "expired": "No longer valid",
        "superseded": "Replaced by another",
    },
    valid=(
        "This platform issued this certificate, and it stands. Compare each line below with the document in your hands."
    ),
    valid_erased=(
        "This platform issued this certificate, and it stands. The holder’s data were erased at their wish or when "
        "their time was over, so the name cannot be compared."
    ),
    revoked="This platform issued this certificate, and the academy revoked it on {}. It no longer stands. {}.",
    expired="This platform issued this certificate. It was valid until {}, and it was not renewed.",
    corrected="This platform issued this certificate and corrected it on {}. The corrected one counts.",
    renewed="This platform issued this certificate. It was renewed on {}.",
    demo_title="DEMO",
    demo="DEMO: the academy only shows how the platform works. This certificate certifies nothing.",
    rank="Rank",
    certificate="Certificate",
    statement="Statement",
    academy="Academy",
    code="Code",
    levels="Levels",
    earned="Earned on",
    replaced_by="Replaced by",
    corrected_result="Result after a correction",
    no_name="The name is no longer kept. Everything else below still is.",
    no_rank="No longer kept",
    the_holder="The holder",
    not_stated="Not stated",
    outcomes="What the holder showed",
    signed_by="Signed for the academy by",
    for_systems="For other systems:",
    as_json="this certificate as a signed credential (Open Badges 3.0, JSON)",
    as_jwt="as a JWT",
    holding="Do you hold a file?",
    send_file="Send it and see whether it is the one that was issued",
    no_network="For desks without a network:",
    single_file="this academy’s verifier in one file",
    stands_for="What this certificate stands for: the supplement of its course (PDF)",
    grounds={
        Ground.ERROR: "It was issued in error",
        Ground.HOLDER: "It was issued to the wrong person",
        Ground.MISCONDUCT: "What it certifies was not the holder's own work",
        Ground.REQUEST: "The holder asked for it",
        Ground.COMPLETION: "The completion behind it was revoked",
        Ground.OTHER: "Another reason, which the holder was told",
    },
)
FRENCH = RecordWords(
    language="fr",
    other="English",
    kicker="Vérification",
    title="Certificat {}",
    states={
        "valid": "Valable",
        "revoked": "Révoqué",
        "expired": "N’est plus valable",
        "superseded": "Remplacé par un autre",
    },
    valid=(
        "Cette plateforme a délivré ce certificat, et il est valable. Comparez chaque ligne ci-dessous avec le "
        "document que vous avez en main."
    ),
    valid_erased=(
        "Cette plateforme a délivré ce certificat, et il est valable. Les données du titulaire ont été effacées à sa "
        "demande ou à l’échéance prévue ; le nom ne peut donc pas être comparé."
    ),
    revoked="Cette plateforme a délivré ce certificat, et l’académie l’a révoqué le {}. Il n’a plus cours. {}.",
    expired="Cette plateforme a délivré ce certificat. Il était valable jusqu’au {} et n’a pas été renouvelé.",
    corrected="Cette plateforme a délivré ce certificat et l’a corrigé le {}. C’est le certificat corrigé qui compte.",
    renewed="Cette plateforme a délivré ce certificat. Il a été renouvelé le {}.",
    demo_title="DÉMO",
    demo="DÉMO : l’académie montre seulement comment la plateforme fonctionne. Ce certificat n’atteste rien.",
    rank="Grade",
    certificate="Certificat",
    statement="Mention",
    academy="Académie",
    code="Code",
    levels="Niveaux",
    earned="Obtenu le",
    replaced_by="Remplacé par",
    corrected_result="Résultat après correction",
    no_name="Le nom n’est plus conservé. Tout le reste ci-dessous l’est encore.",
    no_rank="N’est plus conservé",
    the_holder="Le titulaire",
    not_stated="Non indiqué",
    outcomes="Ce que le titulaire a montré",
    signed_by="Signé pour l’académie par",
    for_systems="Pour d’autres systèmes :",
    as_json="ce certificat sous forme d’attestation signée (Open Badges 3.0, JSON)",
    as_jwt="sous forme de JWT",
    holding="Vous avez un fichier ?",
    send_file="Envoyez-le pour savoir si c’est bien celui qui a été délivré",
    no_network="Pour un bureau sans réseau :",
    single_file="le vérificateur de cette académie en un seul fichier",
    stands_for="Ce que ce certificat représente : le supplément descriptif de son cours (PDF)",
    grounds={
        Ground.ERROR: "Il avait été délivré par erreur",
        Ground.HOLDER: "Il avait été délivré à une autre personne que le titulaire",
        Ground.MISCONDUCT: "Ce qu’il atteste n’était pas le travail du titulaire",
        Ground.REQUEST: "Le titulaire l’a demandé",
        Ground.COMPLETION: "La réussite qui le fondait a été révoquée",
        Ground.OTHER: "Une autre raison, communiquée au titulaire",
    },
)
RECORD_WORDS = {"en": ENGLISH, "fr": FRENCH}
