"""French mails that the first rules had not seen."""

from __future__ import annotations

from tests.mail_threads.thread import thread

MORE_FRENCH = (
    thread(
        "fr-outlook-bureau",
        """
b|Bonjour Madame Petit,
b|
b|La pointeuse du hall refuse les badges émis depuis lundi. Ceux de la semaine dernière
b|passent sans souci. Le redémarrage n'a rien changé.
b|
b|Merci de nous rappeler avant midi.
b|
s|Meilleures salutations,
b|
s|Thierry Charpentier
s|Chef d'atelier
s|Menuiserie Exemplaire SARL
s|ZA des Chênes - 35000 Rennes
s|Tél : 02 99 55 01 01 | Fax : 02 99 55 01 02
b|
q|De : Petit Valérie <valerie.petit@pointage.example.fr>
q|Envoyé : mercredi 25 septembre 2024 17:20
q|À : Thierry Charpentier <t.charpentier@menuiserie.example.fr>
q|Cc : Direction <direction@menuiserie.example.fr>
q|Objet : RE: Pointeuse du hall
q|
q|Monsieur Charpentier, pouvez-vous redémarrer la pointeuse ?
""",
    ),
    thread(
        "fr-gmail-court",
        """
b|Non, toujours l'erreur 12 au moment de valider le panier.
b|
s|Bien à vous,
s|Margaux Delattre
b|
q|Le mar. 8 oct. 2024 à 18:44, Boutique <bonjour@boutique.example.fr> a
q|écrit :
b|
q|> Bonjour Margaux,
q|> avez-vous vidé votre panier avant de réessayer ?
""",
    ),
    thread(
        "fr-android",
        """
b|La nouvelle clé marche dans l'entrée, pas au sous-sol.
b|
s|Envoyé depuis mon appareil Galaxy
b|
q|-------- Message d'origine --------
q|De : Syndic <syndic@residence.example.fr>
q|Date : 10/11/2024 11:32 (GMT+01:00)
q|À : Claude Noël <claude@foyer.example.fr>
q|Objet : Re: Clé de cave
q|
q|Votre nouvelle clé est prête.
""",
    ),
    thread(
        "fr-avertissement",
        """
d|ATTENTION : ce message provient d'un expéditeur externe à l'organisation. Ne cliquez pas
d|sur les liens et n'ouvrez pas les pièces jointes.
b|
b|Bonjour,
b|
b|le tableau blanc de la salle Curie n'enregistre plus les dessins. Il affiche « stockage
b|indisponible » puis s'éteint.
b|
s|Sincères salutations
s|Pr Agnès Vasseur
s|Laboratoire de physique imaginaire
b|
d|Avertissement : ce courriel est confidentiel. S'il ne vous est pas destiné, merci de le
d|détruire et d'en avertir l'expéditeur ; toute diffusion non autorisée est interdite.
""",
    ),
    thread(
        "fr-transfert-thunderbird",
        """
b|Bonjour, pouvez-vous répondre à cette cliente ?
b|
h|-------- Message transféré --------
h|Sujet : 	Colis bloqué
h|Date : 	Wed, 4 Sep 2024 08:11:54 +0200
h|De : 	Irène Castel <irene@castel.example.fr>
h|Pour : 	contact@livraison.example.fr
b|
b|Mon colis est indiqué « livré » depuis samedi mais le casier 14 est vide.
b|Le code d'ouverture ne marche plus.
b|
s|Bonne réception,
s|Irène Castel
""",
    ),
    thread(
        "fr-entrelace-gmail",
        """
q|Le lun. 1 juil. 2024 à 09:30, Hotline <hotline@caisse.example.fr> a écrit :
q|
q|> Combien de caisses sont concernées ?
q|
b|
b|Deux sur cinq, la 1 et la 4.
b|
q|> Le tiroir s'ouvre-t-il à la main ?
q|
b|
b|Oui, avec la clé.
b|
s|Cordialement.
s|Mme Ferrand
""",
    ),
    thread(
        "fr-clinique",
        """
b|Bonjour Monsieur Faure,
b|
b|Le tensiomètre du cabinet 2 n'envoie plus ses mesures au dossier patient. La tablette
b|les reçoit pourtant.
b|
s|Cordialement
b|
s|Dr Sylvie Maréchal
s|Cabinet médical des Glycines
s|18 rue de l'Invention
s|67000 STRASBOURG
s|03 88 55 50 10
b|
q|-----Message d'origine-----
q|De : Support Médical <support@sante.example.fr>
q|Envoyé : jeudi 9 janvier 2025 11:11
q|À : Secrétariat <secretariat@glycines.example.fr>
q|Objet : Tensiomètre connecté
q|
q|Bonjour, le tensiomètre est appairé.
""",
    ),
    thread(
        "fr-apple-mail",
        """
b|J'ai essayé : même avec le câble neuf, l'écran reste bleu.
b|
s|Amicalement,
s|Yann
b|
q|> Le 21 janv. 2025 à 16:03, Atelier Image <atelier@image.example.fr> a écrit :
q|>
q|> Salut Yann,
q|> essaie avec le câble neuf.
q|> À bientôt
""",
    ),
    thread(
        "fr-association",
        """
b|Bonjour,
b|
b|nous n'arrivons plus à imprimer les reçus de dons, la page sort vide avec seulement le
b|numéro.
b|
b|Merci beaucoup pour votre aide !
b|
s|Bien cordialement,
s|Jeanne et Robert
s|Trésoriers de l'association Les Mains Vertes
b|
b|PS : nous sommes joignables le matin seulement.
b|
q|Le ven. 24 janv. 2025 à 10:17, Dons en ligne <dons@collecte.example.fr> a écrit :
q|
q|> Avez-vous installé la mise à jour ?
""",
    ),
    thread(
        "fr-confidentiel",
        """
b|Bonjour à toute l'équipe,
b|
b|la passerelle SMS double chaque message depuis minuit, voir la liste jointe.
b|
s|Salutations,
b|
s|Karim Haddou
s|Ingénieur réseaux | Exploitation
s|M. +33 6 55 50 99 01
b|
d|Confidentialité : ce message est destiné à son seul destinataire. Si vous n'êtes pas le
d|destinataire, toute utilisation est interdite ; merci de le supprimer.
d|N'imprimez ce message que si nécessaire, pensez à l'environnement.
b|
q|De : Passerelle <noc@passerelle.example.fr>
q|Date : mardi 4 février 2025 à 07:30
q|À : Karim Haddou <karim.haddou@reseau.example.fr>
q|Objet : Re: Doublons
q|
q|Merci de nous envoyer la liste.
""",
    ),
    thread(
        "fr-transfert-outlook",
        """
b|Pour information, merci de traiter.
b|
s|Cdt,
s|L. Baudry
b|
h|De : Gîte des Cimes <gite@cimes.example.fr>
h|Envoyé : dimanche 2 février 2025 20:45
h|À : L. Baudry <l.baudry@tourisme.example.fr>
h|Objet : Chauffage
b|
b|Le thermostat connecté du gîte indique 45 °C alors qu'il fait 12 °C dans la pièce.
""",
    ),
)
