"""What a source file said before, for translators: the texts of its published versions by their hash."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pme.authoring.translating import texts_by_digest
from pme.content.models import PublicationFile, SourceFile
from pme.content.translation_files import kind_of

MOST_VERSIONS = 50


def earlier_texts(session: Session, path: str, digests: Collection[str]) -> dict[str, str]:
    """The texts of these hashes in what was published of a file, the newest versions first.

    A text that was never published is not found.
    """
    if not digests:
        return {}
    newest = func.max(PublicationFile.publication_id)
    versions = session.scalars(
        select(PublicationFile.sha256)
        .where(PublicationFile.path == path, PublicationFile.sha256.is_not(None))
        .group_by(PublicationFile.sha256)
        .order_by(newest.desc())
        .limit(MOST_VERSIONS)
    ).all()
    found: dict[str, str] = {}
    for sha256 in versions:
        if found.keys() >= set(digests):
            break
        content = session.scalar(select(SourceFile.content).where(SourceFile.sha256 == sha256))
        text = (content or b"").decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
        texts = texts_by_digest(kind_of(path), text)
        found |= {digest: texts[digest] for digest in digests if digest in texts and digest not in found}
    return found
