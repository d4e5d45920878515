"""In French: every sentence that a verifier can meet in a browser. `{}` stands for what is put in.

They are found by the English one, as it stands where it is said. A test reads those places and fails where a
sentence has no French.
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import cache

from pme.certificates.press.languages import words_for
from pme.signs import CANNOT_BE_KEPT

SENTENCES = {
    # What a certificate comes to (pme.proving.judging)
    "The academy's key signed this, but there is no record of it. Ask the academy.": (
        "La clé de l’académie a signé ceci, mais il n’en existe aucune trace. Demandez à l’académie."
    ),
    "No code in this PDF belongs to a certificate of this platform. If one is printed on it, enter it by hand.": (
        "Aucun code de ce PDF n’appartient à un certificat de cette plateforme. Si un code y est imprimé, "
        "saisissez-le à la main."
    ),
    "Ask the holder or the academy for the original file.": (
        "Demandez le fichier original au titulaire ou à l’académie."
    ),
    "The certificate stands.": "Le certificat est valable.",
    "The academy has revoked the certificate since: it no longer stands.": (
        "L’académie a depuis révoqué le certificat : il n’a plus cours."
    ),
    "The certificate has been replaced by another since.": "Le certificat a depuis été remplacé par un autre.",
    "The certificate was valid until a day that is over, and was not renewed.": (
        "Le certificat était valable jusqu’à un jour qui est passé, et n’a pas été renouvelé."
    ),
    "This QR code leads to no certificate of this platform.": (
        "Ce code QR ne mène à aucun certificat de cette plateforme."
    ),
    "The code holds an address only.": "Le code ne contient qu’une adresse.",
    "The academy signed what the code says.": "L’académie a signé ce que dit le code.",
    "The academy signed this, and no word was changed.": (
        "L’académie a signé ceci, et aucun mot n’a été modifié."
    ),
    "The credential inside this PDF is not what the academy signed.": (
        "L’attestation contenue dans ce PDF n’est pas ce que l’académie a signé."
    ),
    "This is the very file that the academy signed.": ("C’est exactement le fichier que l’académie a signé."),
    "The text of this PDF is not what was issued. Do not rely on it.": (
        "Le texte de ce PDF n’est pas celui qui a été délivré. Ne vous y fiez pas."
    ),
    "The text matches, the signature is gone: the file was printed or saved anew. {}": (
        "Le texte concorde, la signature a disparu : le fichier a été imprimé ou enregistré de nouveau. {}"
    ),
    "The text matches, but the file is cut short, and the signature was at its end. {}": (
        "Le texte concorde, mais le fichier est tronqué, et la signature se trouvait à la fin. {}"
    ),
    "Compare each line of the record with the paper in your hands.": (
        "Comparez chaque ligne enregistrée avec le papier que vous avez en main."
    ),
    "The text matches, but the file was changed after it was signed. {}": (
        "Le texte concorde, mais le fichier a été modifié après la signature. {}"
    ),
    "The academy took back the key that signed this file, on {}. Ask it for a new one.": (
        "L’académie a révoqué la clé qui a signé ce fichier, le {}. Demandez-lui-en un nouveau."
    ),
    "The text matches, but somebody else than the academy signed this file. {}": (
        "Le texte concorde, mais ce n’est pas l’académie qui a signé ce fichier. {}"
    ),
    "This PDF holds a picture and no text. Take a photo of its QR code instead, or enter its code.": (
        "Ce PDF contient une image et aucun texte. Prenez plutôt une photo de son code QR, ou saisissez son code."
    ),
    "The holder's data were erased since, so the name cannot be compared.": (
        "Les données du titulaire ont été effacées depuis ; le nom ne peut donc pas être comparé."
    ),
    # Reading a file (pme.proving.reading, pme.intake)
    "This PDF is damaged or cut short: it cannot be opened. Download the original again, or ask whoever sent it.": (
        "Ce PDF est endommagé ou tronqué : il ne peut pas être ouvert. Téléchargez de nouveau l’original, ou "
        "adressez-vous à qui l’a envoyé."
    ),
    "No QR code could be read in this picture. Take it again: nearer, straight, in good light, the whole code with "
    "its white border. Or enter the code that is printed beside it.": (
        "Aucun code QR n’a pu être lu dans cette image. Reprenez-la : de plus près, droite, avec une bonne lumière, "
        "le code entier avec son bord blanc. Ou saisissez le code imprimé à côté."
    ),
    "This file is none of those that can be checked: a certificate (PDF), a credential (JSON or JWT), a photo of the "
    "QR code (PNG, JPEG or WebP), or a text with what the code says.": (
        "Ce fichier n’est pas de ceux qui peuvent être vérifiés : un certificat (PDF), une attestation (JSON ou JWT), "
        "une photo du code QR (PNG, JPEG ou WebP), ou un texte contenant ce que dit le code."
    ),
    "This is a ZIP file. A sealed return is checked on the page “Verify a return”.": (
        "C’est un fichier ZIP. Un état scellé se vérifie sur la page « Verify a return »."
    ),
    "This picture is larger than a camera's. Send a smaller one.": (
        "Cette image est plus grande que celle d’un appareil photo. Envoyez-en une plus petite."
    ),
    "This picture is damaged or cut short. Take or send it again.": (
        "Cette image est endommagée ou tronquée. Reprenez-la ou renvoyez-la."
    ),
    "This PDF is locked with a password. Send one without.": (
        "Ce PDF est protégé par un mot de passe. Envoyez-en un qui ne l’est pas."
    ),
    "This file takes more time or memory to read than it may. If it is an honest one, save it anew in another "
    "program, or smaller.": (
        "La lecture de ce fichier demande plus de temps ou de mémoire qu’elle n’en a le droit. S’il est honnête, "
        "enregistrez-le de nouveau avec un autre programme, ou en plus petit."
    ),
    "Many files are being read just now. Try again in a minute; nothing was kept.": (
        "Beaucoup de fichiers sont lus en ce moment. Réessayez dans une minute ; rien n’a été conservé."
    ),
    "This file is larger than {} MB. Send a smaller one.": (
        "Ce fichier dépasse {} Mo. Envoyez-en un plus petit."
    ),
    "This file is empty. Choose another one.": "Ce fichier est vide. Choisissez-en un autre.",
    "This file needs more memory to read than it may.": (
        "La lecture de ce fichier demande plus de mémoire qu’elle n’en a le droit."
    ),
    # A credential (pme.credentials)
    "This is not what the academy signed: at least one word was changed after it was signed.": (
        "Ce n’est pas ce que l’académie a signé : au moins un mot a été modifié après la signature."
    ),
    "The signature is good. Whether the academy has withdrawn the certificate since could not be looked up.": (
        "La signature est bonne. Il n’a pas été possible de savoir si l’académie a retiré le certificat depuis."
    ),
    "The key that signed this is not known here, so nothing can be said of it. It calls itself {}.": (
        "La clé qui a signé ceci n’est pas connue ici ; on ne peut rien en dire. Elle se nomme {}."
    ),
    "This is signed with a key of another academy than the one it names.": (
        "Ceci est signé avec la clé d’une autre académie que celle qui y est nommée."
    ),
    "This is signed in the name of an academy at another address, whose keys are not known here.": (
        "Ceci est signé au nom d’une académie qui se trouve à une autre adresse, et dont les clés ne sont pas "
        "connues ici."
    ),
    "This is JSON, but no signed credential.": "C’est du JSON, mais pas une attestation signée.",
    "The academy took back the key that signed this, on {}. Ask it for a new certificate.": (
        "L’académie a révoqué la clé qui a signé ceci, le {}. Demandez-lui un nouveau certificat."
    ),
    "This says it was signed after its key was put away, on {}.": (
        "Ceci se dit signé après le retrait de sa clé, le {}."
    ),
    "The academy signed this, no word was changed, and it stands.": (
        "L’académie a signé ceci, aucun mot n’a été modifié, et c’est valable."
    ),
    "The academy signed this and has withdrawn it since: it no longer stands.": (
        "L’académie a signé ceci et l’a retiré depuis : il n’a plus cours."
    ),
    "The academy signed this, to stand from {} on: not yet.": (
        "L’académie a signé ceci, valable à partir du {} : pas encore."
    ),
    "The academy signed this, to stand until {}: that day is over.": (
        "L’académie a signé ceci, valable jusqu’au {} : ce jour est passé."
    ),
    "This is a JWT, but no credential signed with EdDSA (vc+jwt).": (
        "C’est un JWT, mais pas une attestation signée avec EdDSA (vc+jwt)."
    ),
    "The claims of this JWT are not those of the credential in it.": (
        "Les déclarations de ce JWT ne sont pas celles de l’attestation qu’il contient."
    ),
    "This is no JWT.": "Ce n’est pas un JWT.",
    "This file is larger than a credential ever is ({} MB). Choose the credential itself.": (
        "Ce fichier est plus grand qu’une attestation ne l’est jamais ({} Mo). Choisissez l’attestation elle-même."
    ),
    "This file is empty. Ask for the original file again.": (
        "Ce fichier est vide. Redemandez le fichier original."
    ),
    "This is no credential: it is not text in UTF-8. Choose the JSON file.": (
        "Ce n’est pas une attestation : ce n’est pas du texte en UTF-8. Choisissez le fichier JSON."
    ),
    "This file is cut short: its end is missing. Ask for the original file, or download it again.": (
        "Ce fichier est tronqué : sa fin manque. Demandez le fichier original, ou téléchargez-le de nouveau."
    ),
    "This is no credential: line {}, column {} is not JSON. Choose the JSON file.": (
        "Ce n’est pas une attestation : la ligne {}, colonne {}, n’est pas du JSON. Choisissez le fichier JSON."
    ),
    "This is no credential: its JSON cannot be read.": (
        "Ce n’est pas une attestation : son JSON ne peut pas être lu."
    ),
    "This is JSON, but no credential.": "C’est du JSON, mais pas une attestation.",
    # The QR code (pme.credentials.compact)
    "This is not what the academy signed: the text of the code was changed.": (
        "Ce n’est pas ce que l’académie a signé : le texte du code a été modifié."
    ),
    "This begins like the text of a certificate's QR code, but it is not whole. Scan the code again, nearer and "
    "in good light, and give all that it says.": (
        "Ceci commence comme le texte du code QR d’un certificat, mais n’est pas entier. Lisez le code de nouveau, "
        "de plus près et avec une bonne lumière, et donnez tout ce qu’il dit."
    ),
    "The code holds something else than what this platform writes into one.": (
        "Le code contient autre chose que ce que cette plateforme y écrit."
    ),
    "The address in this code leads to another certificate than the one that was signed.": (
        "L’adresse contenue dans ce code mène à un autre certificat que celui qui a été signé."
    ),
    "The key that signed this code is not known here, so nothing can be said of it. It calls itself {}.": (
        "La clé qui a signé ce code n’est pas connue ici ; on ne peut rien en dire. Elle se nomme {}."
    ),
    "The academy took back the key that signed this, on {}. Ask the academy.": (
        "L’académie a révoqué la clé qui a signé ceci, le {}. Demandez à l’académie."
    ),
    "This says it was issued after its key was put away, on {}.": (
        "Ceci se dit délivré après le retrait de sa clé, le {}."
    ),
    "The academy signed this and has withdrawn it: it no longer stands, as of {}.": (
        "L’académie a signé ceci et l’a retiré : il n’a plus cours, au {}."
    ),
    "The academy signed this. It was valid until {}: that day is over.": (
        "L’académie a signé ceci. Il était valable jusqu’au {} : ce jour est passé."
    ),
    "The academy signed this, {} Compare each line with the paper in your hands.": (
        "L’académie a signé ceci, {} Comparez chaque ligne avec le papier que vous avez en main."
    ),
    "and it stands as of {}.": "et c’est valable au {}.",
    "but whether it was withdrawn since could not be looked up.": (
        "mais il n’a pas été possible de savoir si ce fut retiré depuis."
    ),
    # The form (pme.web.public)
    "Too many files came from your network just now. Try again in a quarter of an hour, or use pme verify.": (
        "Trop de fichiers viennent d’arriver de votre réseau. Réessayez dans un quart d’heure, ou utilisez pme verify."
    ),
    "Choose a file, or enter the text of the QR code.": "Choisissez un fichier, ou saisissez le texte du code QR.",
    "This is not what a certificate's QR code says. Scan it again and enter all of the text.": (
        "Ce n’est pas ce que dit le code QR d’un certificat. Lisez-le de nouveau et saisissez tout le texte."
    ),
    "A QR code holds up to {} letters.": "Un code QR contient {} lettres au plus.",
    "Enter the code that is printed beside the QR code of the certificate.": (
        "Saisissez le code imprimé à côté du code QR du certificat."
    ),
    "A code has 24 letters and digits.": "Un code a 24 lettres et chiffres.",
    CANNOT_BE_KEPT: (
        "Ce texte contenait des signes qui ne peuvent pas être conservés, par exemple des caractères de commande. Ils "
        "en ont été retirés : vérifiez le texte, puis envoyez-le de nouveau."
    ),
}


def in_language(sentence: str, language: str) -> str:
    """A sentence in this language; one that nobody has translated stays as it is."""
    if language != "fr":
        return sentence
    if sentence in SENTENCES:
        return SENTENCES[sentence]
    for matches, french in _patterns():
        if found := matches(sentence):
            return french.format(*(_put_in(each) for each in found.groups()))
    return sentence


@cache
def _patterns() -> list[tuple[Callable[[str], re.Match[str] | None], str]]:
    """Sentences into which something is put."""
    return [
        (re.compile("(.+?)".join(map(re.escape, english.split("{}"))), re.DOTALL).fullmatch, french)
        for english, french in SENTENCES.items()
        if "{}" in english
    ]


def _put_in(text: str) -> str:
    """What is put into a sentence: another sentence, a date, or something that has no language."""
    for written in ("%d %B %Y", "%Y-%m-%d"):
        try:
            return words_for("fr").day(datetime.strptime(text, written).date())  # noqa: DTZ007  (a day alone)
        except ValueError:
            continue
    return in_language(text, "fr")
