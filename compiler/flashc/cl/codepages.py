"""EBCDIC code pages of national versions: text to bytes and back, by CCSID.

Python has few of them.  Each is listed here by where it differs from 37, as IBM's CCSID tables have them.
"""

from __future__ import annotations

_AWAY_FROM_37 = {
    37: "",
    273: "43{ 4AÄ 4F! 59~ 5AÜ 5F^ 63[ 6Aö 7C§ A1ß B0¢ B5@ BA¬ BB| C0ä CC¦ D0ü DC} E0Ö EC\\ FC]",
    277: "47} 4A# 4F! 5A¤ 5BÅ 5F^ 67$ 6Aø 70¦ 7BÆ 7CØ 80@ 9C{ 9E[ 9F] A1ü B0¢ BA¬ BB| C0æ D0å DC~",
    278: (
        "43{ 47} 4A§ 4F! 51` 5A¤ 5BÅ 5F^ 63# 67$ 6Aö 79é 7BÄ 7CÖ 9F] A1ü B0¢ B5[ BA¬ BB| C0ä CC¦ D0å DC~ EC@"
    ),
    280: (
        "44{ 48\\ 4A° 4F! 51] 54} 58~ 5Aé 5F^ 6Aò 79ù 7B£ 7C§ 90[ A1ì B0¢ B1# B5@ BA¬ BB| C0à CD¦ D0è DD` E0ç"
    ),
    284: "49¦ 4A[ 5A] 69# 6Añ 7BÑ A1¨ B0¢ BA^ BB! BD~",
    285: "4A$ 5B£ A1‾ B0¢ B1[ BA^ BC~",
    290: (
        "41｡ 42｢ 43｣ 44､ 45･ 46ｦ 47ｧ 48ｨ 49ｩ 4A£ 51ｪ 52ｫ 53ｬ 54ｭ 55ｮ 56ｯ 57 58ｰ 59 5B¥ 62a 63b 64c 65d 66e "
        "67f 68g 69h 6A 70[ 71i 72j 73k 74l 75m 76n 77o 78p 80] 81ｱ 82ｲ 83ｳ 84ｴ 85ｵ 86ｶ 87ｷ 88ｸ 89ｹ 8Aｺ 8Bq "
        "8Cｻ 8Dｼ 8Eｽ 8Fｾ 90ｿ 91ﾀ 92ﾁ 93ﾂ 94ﾃ 95ﾄ 96ﾅ 97ﾆ 98ﾇ 99ﾈ 9Aﾉ 9Br 9C 9Dﾊ 9Eﾋ 9Fﾌ A0~ A1‾ A2ﾍ A3ﾎ A4ﾏ "
        "A5ﾐ A6ﾑ A7ﾒ A8ﾓ A9ﾔ AAﾕ ABs ACﾖ ADﾗ AEﾘ AFﾙ B1¢ B2\\ B3t B4u B5v B6w B7x B8y B9z BAﾚ BBﾛ BCﾜ BDﾝ BEﾞ "
        "BFﾟ CA CB CC CD CE CF DA DB DC DD DE DF E0$ E1 EA EB EC ED EE EF FA FB FC FD FE"
    ),
    297: (
        "44@ 48\\ 4A° 4F! 51{ 54} 5A§ 5F^ 6Aù 79µ 7B£ 7Cà 90[ A0` A1¨ B0¢ B1# B5] BA¬ BB| BD~ C0é D0è DD¦ E0ç"
    ),
    500: "4A[ 4F! 5A] 5F^ B0¢ BA¬ BB|",
    870: (
        "44ţ 46ă 47č 49ć 4A[ 4F! 52ę 54ů 57ľ 58ĺ 5A] 5F^ 64˝ 66Ă 67Č 69Ć 6A| 70ˇ 72Ę 74Ů 77Ľ 78Ĺ 80˘ 8Aś 8Bň "
        "8Cđ 8Eř 8Fş 9Ał 9Bń 9Cš 9E˛ A0ą AAŚ ABŇ ACĐ AEŘ AFŞ B0· B1Ą B2ż B3Ţ B4Ż B6ž B7ź B8Ž B9Ź BAŁ BBŃ BCŠ "
        "CDŕ CFő DAĚ DBű DDť DFě EAď EDŔ EFŐ FAĎ FBŰ FDŤ"
    ),
    871: "4Aþ 4F! 5AÆ 5FÖ 79ð 7CÐ 8C` 8E{ 9C} 9E] A1ö AC@ AE[ B0¢ BA¬ BB| BE\\ C0Þ CC~ D0æ E0´ EC^",
    1025: (
        "42ђ 43ѓ 44ё 45є 46ѕ 47і 48ї 49ј 4A[ 4F! 51љ 52њ 53ћ 54ќ 55ў 56џ 57Ъ 58№ 59Ђ 5A] 5F^ 62Ѓ 63Ё 64Є 65Ѕ "
        "66І 67Ї 68Ј 69Љ 6A| 70Њ 71Ћ 72Ќ 73­ 74Ў 75Џ 76ю 77а 78б 80ц 8Aд 8Bе 8Cф 8Dг 8Eх 8Fи 90й 9Aк 9Bл 9Cм "
        "9Dн 9Eо 9Fп A0я AAр ABс ACт ADу AEж AFв B0ь B1ы B2з B3ш B4э B5щ B6ч B7ъ B8Ю B9А BAБ BBЦ BCД BDЕ BEФ "
        "BFГ CAХ CBИ CCЙ CDК CEЛ CFМ DAН DBО DCП DDЯ DEР DFС E1§ EAТ EBУ ECЖ EDВ EEЬ EFЫ FAЗ FBШ FCЭ FDЩ FEЧ"
    ),
    1026: (
        "48{ 4AÇ 4F! 5AĞ 5Bİ 5F^ 68[ 6Aş 79ı 7BÖ 7CŞ 7FÜ 8C} 8D` 8E¦ 9D˛ A1ö AC] AD$ AE@ B0¢ BA¬ BB| BC— C0ç "
        'CC~ D0ğ DC\\ E0ü EC# FC"'
    ),
    1027: (
        "41 42｡ 43｢ 44｣ 45､ 46･ 47ｦ 48ｧ 49ｨ 51ｩ 52ｪ 53ｫ 54ｬ 55ｭ 56ｮ 57ｯ 58ｰ 59ｱ 62ｲ 63ｳ 64ｴ 65ｵ 66ｶ 67ｷ 68ｸ "
        "69ｹ 6A 70ｺ 71ｻ 72ｼ 73ｽ 74ｾ 75ｿ 76ﾀ 77ﾁ 78ﾂ 80 8Aﾃ 8Bﾄ 8Cﾅ 8Dﾆ 8Eﾇ 8Fﾈ 90 9Aﾉ 9Bﾊ 9Cﾋ 9Dﾌ 9Eﾍ 9Fﾎ "
        "A0‾ AAﾏ ABﾐ ACﾑ AD[ AEﾒ AFﾓ B3ﾔ B4ﾕ B5ﾖ B6ﾗ B7ﾘ B8ﾙ B9ﾚ BAﾛ BBﾜ BCﾝ BD] BEﾞ BFﾟ CA CB CC CD CE CF "
        "DA DB DC DD DE DF E1 EA EB EC ED EE EF FA FB FC FD FE"
    ),
}
"""CCSID to what stands elsewhere than in 37; a code with nothing behind it has no character there.

273 is German, 277 Danish and Norwegian, 278 Swedish and Finnish, 280 Italian, 284 Spanish, 285 British, 290
Katakana, 297 French, 500 Belgian and Swiss, 870 of Eastern Europe, 871 Icelandic, 1025 Cyrillic, 1026
Turkish, 1027 Japanese with small letters where all others have them."""

# With the euro sign, and the single bytes of those that have double bytes as well.
_SAME_BUT = {
    1140: 37, 1141: 273, 1142: 277, 1143: 278, 1144: 280, 1145: 284, 1146: 285, 1147: 297, 1148: 500,
    1149: 871, 1153: 870, 1154: 1025, 1155: 1026, 930: 290, 5026: 290, 939: 1027, 5035: 1027,
}  # fmt: skip
_NONE = 0xE000
"""Where Unicode has no characters: a byte that stands for none is told there, so that nothing is lost."""


def _table(ccsid: int) -> str:
    page = list(bytes(range(256)).decode("cp037"))
    for one in _AWAY_FROM_37[ccsid].split():
        page[int(one[:2], 16)] = one[2:] or chr(_NONE + int(one[:2], 16))
    return "".join(page)


_PAGES = {ccsid: _table(ccsid) for ccsid in _AWAY_FROM_37}
_PAGES |= {ccsid: _PAGES[like] for ccsid, like in _SAME_BUT.items()}
CCSIDS = frozenset(_PAGES)
"""The CCSIDs that are known here."""


def encode(text: str, ccsid: int) -> bytes:
    """The text in a code page.  ValueError: it has a character that the page does not have."""
    return bytes(_PAGES[ccsid].index(character) for character in text)


def decode(data: bytes, ccsid: int) -> str:
    """The text that bytes are in a code page."""
    return "".join(_PAGES[ccsid][byte] for byte in data)
