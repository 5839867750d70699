"""The parts of a mail: header, signature, the earlier mail that it answers, the footer of a mailing list.

A text is a mail where its first lines are the header of one. Several headers, one after the other, are a story told in
mails or a thread: they stay, and so does the header of a mail that an article quotes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from cleaner.segment.lines import Line
from cleaner.segment.page import Part
from cleaner.text.words import COLONS

#: Lines of a signature, of a list's footer, and of the sentence above an earlier mail, at most.
MAX_SIGNATURE: Final = 12
MAX_FOOTER: Final = 14
MAX_ATTRIBUTION: Final = 3
#: Fields of different meaning that a header has at least, and the characters of a field up to its colon at most.
MIN_FIELDS: Final = 3
MAX_NAME: Final = 33


class Field(Enum):
    """The fields of a header by their meaning."""

    SENDER = auto()
    RECIPIENT = auto()
    SUBJECT = auto()
    DATE = auto()
    TECHNICAL = auto()


#: The names of the fields as mail programs write them, in the languages of the packs.
_NAMES: Final = {
    Field.SENDER: "from|von|de|da|van|från|fra|od|от|від|отправитель|lähettäjä|kimden|gönderen|dari|từ|من|از|प्रेषक"
    "|差出人|送信者|发件人|寄件者|보낸 사람",
    Field.RECIPIENT: "to|cc|bcc|an|à|a|para|pour|aan|till|til|do|komu|dw|кому|копия|vastaanottaja|kime|alıcı|kepada"
    "|đến|إلى|به|宛先|收件人|收件者|抄送|받는 사람|참조",
    Field.SUBJECT: "subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|předmět|тема|aihe|konu"
    "|subjek|perihal|chủ đề|tiêu đề|الموضوع|موضوع|विषय|件名|主题|主旨|제목",
    Field.DATE: "date|sent|datum|gesendet|envoyé|fecha|enviado|enviado el|data|enviada em|inviato|verzonden|skickat"
    "|dato|sendt|wysłano|odesláno|дата|отправлено|надіслано|päiväys|päivämäärä|lähetetty|tarih|gönderildi|tanggal"
    "|dikirim|ngày|đã gửi|التاريخ|تاريخ|दिनांक|日時|送信日時|日期|发送时间|寄件日期|날짜|보낸 날짜",
    Field.TECHNICAL: "message-id|in-reply-to|references|reply-to|return-path|received|delivered-to|mime-version"
    "|content-type|content-transfer-encoding|list-id|list-unsubscribe|list-archive|list-post|user-agent|organization"
    "|dkim-signature|sender|antwort an|répondre à|importance|attachments|anlagen",
}
_FIELD_OF: Final = {name: field for field, names in _NAMES.items() for name in names.split("|")}
_FIELD_LINE: Final = re.compile(r"\*{0,2}([^\W\d_][^:：*<>@]{0,28}?)\s?[:：]\*{0,2}(?:\s+|$)")
#: What proves a header: an address, or the time of day in the date.
_ADDRESS: Final = re.compile(r"[\w.+-]+(?:@| at )[\w-]+(?:\.|\sdot\s)\w")
_TIME: Final = re.compile(r"\d[:.h]\d\d")
#: The line that an archive writes above a mail.
_ENVELOPE: Final = re.compile(r"From \S+(?:@| at ).*\d{4}$")

#: The line above an earlier mail that is not marked with ">", and the words that say that it is passed on.
_DIVIDER: Final = re.compile(r"[-_*]{2,}.{0,60}$|.{0,60}:$")
_PASSED_ON: Final = re.compile(
    r"forward|weitergeleitet|transfér|reenvi|encaminhad|inoltrat|doorgestuurd|vidarebefordra|videresend|przekazan|"
    r"přeposlan|пересл|пересила|välitetty|iletilen|diteruskan|chuyển tiếp|転送|转发|轉寄|전달",
    re.IGNORECASE,
)
_RULE: Final = re.compile(r"[-_=*~]{8,}$")
#: What the footer of a list says.
_LIST: Final = re.compile(
    r"mailing[\s-]?list|mailingliste|liste de diffusion|lista de (?:correo|distribución)|listinfo|unsubscrib|@lists?\.|"
    r"@googlegroups|abmeld|abbestell|abzumeld|désabonn|désinscri|darse de baja|cancelar (?:la|sua|a) |disiscri|"
    r"uitschrijv|afmelden|avprenumer|avregistr|afmeld|avmeld|rezygn|wypis|odhlás|отпис|відпис|peruuta tilau|"
    r"aboneliğ|berhenti berlangganan|hủy đăng ký|إلغاء الاشتراك|配信停止|退会|退订|구독 취소",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Header:
    """A header in the lines from ``start`` to ``stop`` (exclusive); ``subject`` is the line with the subject."""

    start: int
    stop: int
    subject: int | None


def find(lines: Sequence[Line], texts: Sequence[int]) -> list[Line] | None:
    """The lines of a mail with their parts; None for another text."""
    if not texts:
        return None
    first = texts[0]
    start = first + 1 if _ENVELOPE.match(lines[first].text) else first
    header, _ = _read_header(lines, start)
    if header is None:
        return None
    parts = dict.fromkeys(range(first, header.stop), Part.MAIL_HEADER)
    end = len(lines)
    later = [*_headers(lines, header.stop)]
    if later:
        divider = _last_text(lines, header.stop, later[0].start)
        if len(later) > 1 or divider is None or not _DIVIDER.match(lines[divider].text):
            return None
        has_own_text = _last_text(lines, header.stop, divider) is not None
        if has_own_text and not _PASSED_ON.search(lines[divider].text):
            parts |= dict.fromkeys(range(divider, end), Part.QUOTED_MAIL)
            end = divider
        else:
            parts |= dict.fromkeys(range(divider, later[0].stop), Part.MAIL_HEADER)
    parts |= _tail(lines, header.stop, end)
    return _with_subject(lines, header, parts)


def find_quoted(lines: Sequence[Line], texts: Sequence[int]) -> list[Line] | None:
    """The lines of a text that quotes mails with their headers, with their parts; None for another text."""
    if sum(_may_be_field(lines[at].text) for at in texts) < MIN_FIELDS:
        return None
    headers = [*_headers(lines, 0)]
    if not headers:
        return None
    quoted = {at for header in headers for at in range(header.start, header.stop)}
    return [line._replace(part=Part.QUOTED_HEADER) if at in quoted else line for at, line in enumerate(lines)]


def _headers(lines: Sequence[Line], start: int) -> Iterator[_Header]:
    """The headers from a line on. Each line is read once."""
    at = start
    while at < len(lines):
        if not _may_be_field(lines[at].text):
            at += 1
            continue
        header, stop = _read_header(lines, at)
        if header:
            yield header
        at = max(stop, at + 1)


def _read_header(lines: Sequence[Line], start: int) -> tuple[_Header | None, int]:
    """The header that begins at a line, None where none does; and the line behind the last one that was read."""
    fields: set[Field] = set()
    subject: int | None = None
    proof = False
    at = start
    while at < len(lines) and (text := lines[at].text):
        field = _field(text)
        if field is None and not (fields and (lines[at].indented or text[:2].casefold() == "x-")):
            break
        if field:
            fields.add(field)
            subject = at if field is Field.SUBJECT and subject is None else subject
            proof = proof or field is Field.TECHNICAL or _is_proof(field, text)
        at += 1
    is_header = Field.SENDER in fields and len(fields) >= MIN_FIELDS and proof
    return _Header(start, at, subject) if is_header else None, at


def _field(text: str) -> Field | None:
    """The field of a header that a line is."""
    match = _FIELD_LINE.match(text) if _may_be_field(text) else None
    return _FIELD_OF.get(match.group(1).casefold()) if match else None


def _may_be_field(text: str) -> bool:
    """Whether a line has a colon where that of a field would stand: the pattern would take longer to tell."""
    return ":" in text[:MAX_NAME] or "：" in text[:MAX_NAME]


def _is_proof(field: Field, text: str) -> bool:
    """Whether a field says that this is a mail and no memo: an address, or a time of day."""
    pattern = {Field.SENDER: _ADDRESS, Field.RECIPIENT: _ADDRESS, Field.DATE: _TIME}.get(field)
    return pattern is not None and pattern.search(text) is not None


def _tail(lines: Sequence[Line], start: int, end: int) -> dict[int, Part]:
    """What stands behind the mail's own text: a list's footer, signatures, the earlier mail."""
    parts: dict[int, Part] = {}
    while True:
        last = _last_text(lines, start, end)
        if last is None:
            return parts
        found = _footer(lines, start, last) or _earlier_mail(lines, start, last)
        if found is None or _last_text(lines, start, found[0]) is None:
            return parts
        begin, part = found
        parts |= dict.fromkeys(range(begin, last + 1), part)
        end = begin


def _footer(lines: Sequence[Line], start: int, last: int) -> tuple[int, Part] | None:
    """Where the footer of a list or a signature begins that ends at a line."""
    count = 0
    for at in range(last, start, -1):
        text = lines[at].text
        if text == "--" or _RULE.match(text):
            below = [line.text for line in lines[at + 1 : last + 1]]
            if any(map(_LIST.search, below)):
                return at, Part.LIST_FOOTER
            return (at, Part.SIGNATURE) if text == "--" and count <= MAX_SIGNATURE else None
        count += bool(text)
        if count > MAX_FOOTER or text.startswith(">"):
            return None
    return None


def _earlier_mail(lines: Sequence[Line], start: int, last: int) -> tuple[int, Part] | None:
    """Where the earlier mail begins, each of whose lines is marked with ``>``, with the sentence above it that says who
    wrote it.
    """
    at = last
    while at >= start and (lines[at].text.startswith(">") or not lines[at].text):
        at -= 1
    if at == last or at < start or not lines[at].text.endswith(COLONS):
        return None
    begin = at
    while begin > start and lines[begin - 1].text and at - begin + 1 < MAX_ATTRIBUTION:
        begin -= 1
    for candidate in range(at, begin - 1, -1):  # the shortest run of lines that has a date or an address
        sentence = " ".join(line.text for line in lines[candidate : at + 1])
        if any(char.isdigit() for char in sentence) or "@" in sentence:
            whole = candidate - 1 if candidate > begin and not _ends(lines[candidate - 1].text) else candidate
            return whole, Part.QUOTED_MAIL
    return None


def _ends(text: str) -> bool:
    """Whether a line ends as a sentence or a salutation does."""
    return text.endswith((".", "!", "?", ",", ":", "…", "。"))


def _last_text(lines: Sequence[Line], start: int, stop: int) -> int | None:
    """The last line with text between two lines; None where there is none."""
    return next((at for at in range(stop - 1, start - 1, -1) if lines[at].text), None)


def _with_subject(lines: Sequence[Line], header: _Header, parts: dict[int, Part]) -> list[Line]:
    """The lines with their parts. The words of the subject, which may be folded, are a line of their own: they are the
    mail's headline.
    """
    made = [line._replace(part=parts[at]) if at in parts and line.text else line for at, line in enumerate(lines)]
    if header.subject is None:
        return made
    first = lines[header.subject]
    name = _FIELD_LINE.match(first.text)
    assert name
    stop = _end_of_field(lines, header.subject, header.stop)
    words = [Line(first.text[name.end() :], first.start + name.end(), first.end), *lines[header.subject + 1 : stop]]
    words = [line for line in words if line.text]
    if words:
        begin = name.group().rstrip()
        made[header.subject : stop] = [
            first._replace(text=begin, end=first.start + len(begin), part=Part.MAIL_HEADER),
            words[0]._replace(text=" ".join(line.text for line in words), end=words[-1].end),
        ]
    return made


def _end_of_field(lines: Sequence[Line], at: int, stop: int) -> int:
    """The line behind a field that begins at a line of a header which ends at ``stop``.

    Lines that begin with white space belong to the field above, unless the header itself is indented.
    """
    below = range(at + 1, stop)
    if lines[at].indented:
        return at + 1
    return next((line for line in below if not lines[line].indented or _field(lines[line].text)), stop)
