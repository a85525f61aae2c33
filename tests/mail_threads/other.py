"""A few mails in further languages."""

from __future__ import annotations

from tests.mail_threads.thread import thread

OTHERS = (
    thread(
        "pt-gmail",
        """
b|Bom dia, o relatório continua em branco depois da atualização.
b|
s|Atenciosamente,
s|Beatriz
b|
q|Em sex., 3 de mai. de 2024 às 10:21, Suporte <suporte@exemplo.example.br> escreveu:
b|
q|> Por favor, atualize a página.
""",
    ),
    thread(
        "pl-gmail",
        """
b|Dzień dobry, drukarka nadal nie działa po wymianie tonera.
b|
s|Pozdrawiam
s|Marek Zieliński
b|
q|pt., 3 maj 2024 o 10:21 Pomoc <pomoc@firma.example.pl> napisał(a):
b|
q|> Proszę wymienić toner.
""",
    ),
    thread(
        "sv-outlook",
        """
b|Hej, kortläsaren svarar inte sedan i går.
b|
s|Med vänliga hälsningar
s|Elsa Lund
b|
q|Från: Support <support@foretag.example.se>
q|Skickat: den 3 maj 2024 10:21
q|Till: Elsa Lund <elsa@butik.example.se>
q|Ämne: SV: Kortläsare
q|
q|Hej Elsa, starta om läsaren.
""",
    ),
    thread(
        "ja-gmail",
        """
b|再起動しても、まだ印刷できません。
b|
q|2024年5月3日(金) 10:21 サポート <support@rei.example.jp>:
b|
q|> プリンターを再起動してください。
""",
    ),
    thread(
        "zh-outlook",
        """
b|重新安装以后还是无法登录。
b|
q|发件人: 支持 <support@lizi.example.cn>
q|发送时间: 2024年5月3日 10:21
q|收件人: 王芳 <wang@lizi.example.cn>
q|主题: 无法登录
q|
q|请重新安装客户端。
""",
    ),
    thread(
        "cs-outlook",
        """
b|Dobrý den, aplikace se po aktualizaci nespustí.
b|
s|S pozdravem,
s|Jana Malá
b|
q|Od: Podpora <podpora@firma.example.cz>
q|Odesláno: pátek 3. května 2024 10:21
q|Komu: Jana Malá <jana@firma.example.cz>
q|Předmět: Aktualizace
q|
q|Nainstalujte prosím aktualizaci.
""",
    ),
)
