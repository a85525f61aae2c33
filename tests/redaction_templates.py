"""Sentences with which the rules for passwords were written; `{}` stands for what must go."""

from __future__ import annotations

from tests.redaction_samples import lines

PASSWORDS = {
    "en_US": lines(
        r"""
        My password is {} and it still says invalid.
        Password: {}
        I changed my password to {} yesterday, but the mail app keeps asking.
        user: maple¶pass: {}¶please check what happens
        The temporary password is {}
        She logs in with password {} on the kiosk.
        The password for the warehouse scanner is {}.
        Hi team, for the shared mailbox the password was {} until last week.
        Username = jharper, Password = {}
        Here are my details. Login name: jharper Password: {} Thanks!
        Our guest network password changed to {} on Friday.
        I can sign in with the default password {} only.
        For the record, the admin password is {}; rotate it after the fix.
        I typed in my password, which is {}, three times.
        Login jharper password {} does nothing.
        What we use: password {} for every kiosk
        New password set to {}.
        Hello, I cannot get into the portal. Email: see above. Password: {}. Please advise.
        The vendor says our password is {} but the console refuses it.
        The root password on that box is currently {}
        He gave me the password "{}" over the phone.
        Whenever I enter the password {} the page just reloads.
        We agreed on the password {} for the demo account.
        Email password: {}. Nothing else changed.
        The password on the sticker reads {}
        Quick note: the voicemail password is {}.
        My kid set the password to {} on the tablet.
        I keep typing {} as the password and it shakes.
        Site password: {} (all caps off)
        Is {} the right password for the lab PC?
        """
    ),
    "en_GB": lines(
        r"""
        The passcode for the meeting room tablet is {}.
        Wi-Fi password: {}
        Login: front.desk / {}
        I reset it and the new password is now {}
        passphrase = {}
        pwd: {}, please do not share
        The new starter's initial password is: {}
        Try my password {} if you need to test it.
        Account: reception¶Password: {}¶Please delete this message afterwards.
        The Wi-Fi passphrase is still {}.
        Please set the password to {} for the time being.
        The laptop's password has been reset to {} by your colleague.
        Password for the projector: {}
        Credentials: reception / {}
        Her old password was {}, the new one I do not know.
        The alarm panel's password is '{}' according to the installer.
        Password - see here: {}
        My PC password was {} before the update.
        Username: reception  Password: {}
        Could you confirm that the password should be {}?
        The shared drive password - {} - was refused.
        I have set my password as {} this morning.
        The passcode {} opens the cabinet software.
        Both tills use password {} at the moment.
        The password you sent, {}, is refused.
        Kindly unlock me, password {} no longer works.
        """
    ),
    "de": lines(
        r"""
        Mein Passwort lautet {}, es geht aber nicht.
        Passwort: {}
        Passwort laut Aushang: {}
        Das Kennwort für den VPN-Zugang ist {}
        Ich habe das Passwort auf {} geändert.
        Benutzer: lager, Passwort: {}
        Das Startpasswort war {}
        WLAN-Schlüssel: {}
        Hallo, das neue Passwort ist jetzt {} und wird abgelehnt.
        Zugang: frontdesk, Kennwort: {}
        Bitte setzen Sie das Passwort auf {} zurück.
        Anmeldung mit Benutzer frontdesk und Passwort {} schlägt fehl.
        Unser WLAN-Passwort lautet weiterhin {}.
        PW: {}
        Unser gemeinsames Passwort ist momentan {}.
        Passwort für den Drucker: {}
        Benutzername: empfang¶Passwort: {}¶Danke!
        Das Kennwort wurde auf {} gesetzt.
        Als Passwort: {} eingegeben, trotzdem Fehler.
        Das alte Passwort war {}, das neue kenne ich nicht.
        Login: empfang, PW: {}
        Mein Passwort ist "{}", bitte prüfen.
        Mit dem Passwort {} komme ich nicht rein.
        Das Passwort der Zweigstelle lautet seit gestern {}.
        Passwort ist {} und Benutzer ist empfang.
        Das Passwort im Brief war {}.
        Hier mein Kennwort: {}
        Das Initialpasswort lautet {}, bitte zurücksetzen.
        """
    ),
    "fr": lines(
        r"""
        Mon mot de passe est {} mais il est refusé.
        Mot de passe : {}
        mdp : {}
        Le mot de passe provisoire est {}
        J'ai changé le mot de passe en {} hier.
        Identifiant : accueil¶Mot de passe : {}
        Bonjour, le mot de passe de la messagerie était {} jusqu'à hier.
        Compte : accueil2 / mot de passe : {}
        Je me connecte avec le mot de passe {} sans succès.
        Votre nouveau mot de passe est : {}
        Le mot de passe du wifi est {}.
        Voici mon mot de passe : {}
        Nom d'utilisateur : accueil, mot de passe : {}
        Notre mot de passe actuel est {}.
        Le mot de passe du compte partagé est toujours {}.
        Identifiant accueil, mot de passe {}
        Mon ancien mot de passe était {}.
        Avec le mot de passe {} rien ne se passe.
        Le mot de passe à utiliser est {}.
        Mot de passe = {}
        Le mot de passe reçu par courrier est {}.
        Mot de passe Wi-Fi : {}
        J'utilise le mot de passe {} partout.
        """
    ),
    "es": lines(
        r"""
        Mi contraseña es {} y no entra.
        Contraseña: {}
        He cambiado la contraseña a {} esta mañana.
        usuario: almacen / contraseña: {}
        La contraseña del wifi es {}
        La clave es {}
        Hola, la contraseña del buzón compartido es {} desde ayer.
        Cuenta: recepcion, contraseña: {}
        Mi nueva contraseña es: {}
        Entro con la contraseña {} y da error.
        La contraseña de la impresora es {}.
        Usuario: recepcion¶Contraseña: {}
        La contraseña temporal es {}.
        Esta es mi contraseña: {}
        La contraseña de la cuenta compartida sigue siendo {}.
        Mi contraseña anterior era {}.
        Usuario recepcion, contraseña {}
        Con la contraseña {} no pasa nada.
        La contraseña que uso es {}.
        Contraseña = {}
        La contraseña que recibí por correo es {}.
        Contraseña wifi: {}
        Uso la contraseña {} en la caja.
        """
    ),
    "it": lines(
        r"""
        La mia password è {} ma non funziona.
        Password: {}
        La parola d'ordine è {}
        Ho cambiato la password in {}
        Utente: magazzino, password: {}
        La password del wifi è {}
        Buongiorno, la password della casella condivisa era {} fino a ieri.
        Accedo con la password {} ma da errore.
        La nuova password è: {}
        Nome utente: reception¶Password: {}
        La password della stampante è {}.
        Ecco la mia password: {}
        La password temporanea è {}.
        Credenziali: reception / {}
        La mia vecchia password era {}.
        Utente reception, password {}
        La password dell'account condiviso è {}.
        Con la password {} non succede nulla.
        La password da usare è {}.
        Password = {}
        La password ricevuta per posta è {}.
        Password wifi: {}
        Uso la password {} alla cassa.
        """
    ),
    "nl": lines(
        r"""
        Mijn wachtwoord is {} maar het lukt niet.
        Wachtwoord: {}
        Het wachtwoord voor de scanner is {}
        Ik heb het wachtwoord gewijzigd naar {}
        Gebruiker: balie, wachtwoord: {}
        Hallo, het wachtwoord van de gedeelde mailbox is {} sinds gisteren.
        Ik log in met wachtwoord {} en krijg een fout.
        Uw nieuwe wachtwoord is: {}
        Account: receptie, wachtwoord = {}
        Het wachtwoord van de printer is {}.
        Dit is mijn wachtwoord: {}
        Gebruikersnaam: receptie¶Wachtwoord: {}
        Het tijdelijke wachtwoord is {}.
        Mijn oude wachtwoord was {}.
        Gebruiker receptie, wachtwoord {}
        Het wachtwoord van het gedeelde account is nog {}.
        Met het wachtwoord {} gebeurt er niets.
        Het te gebruiken wachtwoord is {}.
        Wachtwoord = {}
        Het wachtwoord in de brief was {}.
        Wifi-wachtwoord: {}
        Ik gebruik wachtwoord {} bij de kassa.
        """
    ),
    "pt_BR": lines(
        r"""
        Minha senha é {} e não funciona.
        Senha: {}
        Alterei a senha para {} ontem.
        A senha do wifi é {}
        Usuário: loja / senha: {}
        Olá, a senha da caixa compartilhada é {} desde ontem.
        Entro com a senha {} e dá erro.
        Sua nova senha é: {}
        Conta: recepcao, senha = {}
        A senha da impressora é {}.
        Esta é minha senha: {}
        Usuário: recepcao¶Senha: {}
        A senha temporária é {}.
        Minha senha antiga era {}.
        Usuário recepcao, senha {}
        A senha da conta compartilhada é {}.
        Com a senha {} nada acontece.
        A senha que uso é {}.
        Senha = {}
        A senha que recebi pelo correio é {}.
        Senha do wifi: {}
        Uso a senha {} no caixa.
        """
    ),
    "pl": lines(
        r"""
        Moje hasło to {} i nie działa.
        Hasło: {}
        Hasło do wifi: {}
        Zmieniłem hasło na {}
        Użytkownik: magazyn, hasło: {}
        Dzień dobry, hasło do skrzynki to {} od wczoraj.
        Moje nowe hasło: {}
        Konto: recepcja, hasło = {}
        Loguję się hasłem {} i nic.
        Hasło do drukarki to {}.
        To moje hasło: {}
        Login: recepcja¶Hasło: {}
        Hasło tymczasowe: {}
        Moje stare hasło to {}.
        Użytkownik recepcja, hasło {}
        Hasło do konta wspólnego: {}
        Z hasłem {} nic się nie dzieje.
        Używam hasła: {}
        Hasło = {}
        Hasło z listu to {}.
        Hasło wifi: {}
        Na kasie używam hasła {} od roku.
        """
    ),
    "sv": lines(
        r"""
        Mitt lösenord är {} men det fungerar inte.
        Lösenord: {}
        Jag ändrade lösenordet till {} i går.
        Lösenordet till nätet är {}
        Användare: kassan, lösenord: {}
        Hej, lösenordet till den delade brevlådan är {} sedan i går.
        Mitt nya lösenord: {}
        Jag loggar in med lösenord {} men får fel.
        Konto: reception, lösenord = {}
        Lösenordet till skrivaren är {}.
        Det här är mitt lösenord: {}
        Användarnamn: reception¶Lösenord: {}
        Det tillfälliga lösenordet är {}.
        Mitt gamla lösenord var {}.
        Användare reception, lösenord {}
        Lösenordet för det delade kontot är {}.
        Med lösenordet {} händer ingenting.
        Lösenordet som jag använder är {}.
        Lösenord = {}
        Lösenordet i brevet var {}.
        Wifi-lösenord: {}
        Jag använder lösenordet {} i kassan.
        """
    ),
}
