"""
Sentences with passwords, three of each locale, and eighteen forms of configurations.

They were written after `redaction_held_out` had its turn.

No rule was made for any of them. When they were first measured, 53.7 % of the
passwords were found; since then words that look made up are found near
"password", a rule that was written without these sentences. The docstring there
tells what becomes of one that fails.
"""

from __future__ import annotations

from tests.redaction_samples import lines

PASSWORDS = {
    "en_US": lines(
        r"""
        The kiosk takes {} as its password but the back office PC does not.
        I wrote the password down as {} and the card reader still says no.
        Somebody set {} as the new password for the front desk.
        """
    ),
    "en_GB": lines(
        r"""
        The password you gave me over the phone was {}, is that right?
        Password on the sticky note: {}
        We were told the till password would be {} from Monday.
        """
    ),
    "de": lines(
        r"""
        Das WLAN nimmt das Passwort {} nicht mehr an.
        Auf dem Zettel steht als Kennwort {}, stimmt das?
        Mein neues Passwort sollte {} sein.
        """
    ),
    "fr": lines(
        r"""
        Le technicien a mis le mot de passe {} sur la tablette.
        On m'a donné comme mot de passe {} mais il ne marche pas.
        Le nouveau mot de passe, c'est {}.
        """
    ),
    "es": lines(
        r"""
        El técnico puso la contraseña {} en la tableta.
        Me dieron como contraseña {} y no funciona.
        La nueva contraseña debería ser {}.
        """
    ),
    "it": lines(
        r"""
        Il tecnico ha messo la password {} sul tablet.
        Mi hanno dato come password {} ma non funziona.
        La nuova password dovrebbe essere {}.
        """
    ),
    "nl": lines(
        r"""
        De monteur heeft het wachtwoord {} op de tablet gezet.
        Als wachtwoord kreeg ik {} maar dat werkt niet.
        Het nieuwe wachtwoord zou {} moeten zijn.
        """
    ),
    "pt_BR": lines(
        r"""
        O técnico colocou a senha {} no tablet.
        Me passaram como senha {} e não funciona.
        A nova senha deveria ser {}.
        """
    ),
    "pl": lines(
        r"""
        Technik ustawił hasło {} na tablecie.
        Jako hasło dostałem {} i nie działa.
        Nowe hasło powinno brzmieć {}.
        """
    ),
    "sv": lines(
        r"""
        Teknikern satte lösenordet {} på surfplattan.
        Som lösenord fick jag {} men det fungerar inte.
        Det nya lösenordet borde vara {}.
        """
    ),
}

ASSIGNMENTS = lines(
    r"""
    spring.datasource.password={}
    REDIS_PASSWORD: "{}"
    export PGPASSWORD='{}'
    "smtp": {"host": "mail", "password": "{}", "port": 587}
    <property name="password" value="{}"/>
    $env:DB_PASSWORD = "{}"
    docker run -e POSTGRES_PASSWORD={} -d postgres
    wpa_passphrase={}
    Data Source=srv;User Id=app;Password={};
    password => "{}"
    sudo ./install --admin-password={} --yes
    [ldap]¶bind_dn = cn=svc¶bind_password = {}
    String password = "{}";
    {"username":"svc","password":"{}"}
    set password={}
    user_password: '{}'
    https://portal.example.com/login?user=svc&password={}
    proxy_pass_word: ~¶proxy_password: {}
    """
)
