"""French mails."""

from __future__ import annotations

from tests.mail_threads.thread import thread

FRENCH = (
    thread(
        "fr-outlook-web",
        """
b|Bonjour,
b|
b|depuis ce matin, la connexion au serveur de fichiers échoue avec le message
b|« Le chemin réseau n'a pas été trouvé ».
b|
s|Bien cordialement,
b|
s|Claire Fontaine
s|Responsable des achats
s|Ateliers du Lac - 4, quai des Tilleuls - 74000 Annecy
s|Tél. : +33 4 55 50 01 02
b|
q|________________________________
q|De : Assistance <assistance@info.example.fr>
q|Envoyé : lundi 13 mai 2024 09:02
q|À : Claire Fontaine <c.fontaine@ateliers.example.fr>
q|Objet : RE: Accès aux dossiers
q|
q|Bonjour Claire,
q|
q|vos droits ont été mis à jour.
q|
q|Cordialement,
q|L'assistance
""",
    ),
    thread(
        "fr-gmail",
        """
b|Bonjour Luc,
b|
b|ça ne marche toujours pas : l'imprimante affiche « hors ligne » et la file d'attente est bloquée.
b|
s|Merci d'avance,
s|Élodie
b|
q|Le jeu. 16 mai 2024 à 15:12, Luc Moreau <luc.moreau@depann.example.fr> a écrit :
b|
q|> Bonjour Élodie,
q|>
q|> Pouvez-vous redémarrer l'imprimante ?
q|>
q|> Luc
""",
    ),
    thread(
        "fr-apple-transfert",
        """
b|Pour info, je n'ai pas la solution.
b|
h|Début du message réexpédié :
b|
h|De: Mairie de Valbrume <accueil@valbrume.example.fr>
h|Objet: Écran noir au guichet 2
h|Date: 3 juin 2024 à 08:47:12 UTC+2
h|À: support@guichet.example.fr
b|
b|Bonjour,
b|
b|l'écran du guichet 2 reste noir après la mise en veille. Le voyant est bleu.
b|
s|Cordialement
s|L'accueil
""",
    ),
    thread(
        "fr-thunderbird-entrelace",
        """
q|Le 05/02/2024 à 10:33, Support a écrit :
q|> Quelle version utilisez-vous ?
b|La 7.1, installée hier.
b|
q|> L'erreur se produit-elle avec un autre compte ?
b|Non, uniquement avec le mien.
b|
s|--
s|Hugo Perrin
s|Coopérative des Trois Vallées
""",
    ),
    thread(
        "fr-mobile",
        """
b|Le code reçu par SMS est refusé, même après trois essais.
b|
s|Envoyé de mon iPhone
b|
q|> Le 28 mars 2024 à 21:05, Banque du Parc <aide@banque.example.fr> a écrit :
q|>
q|> Votre code vous a été envoyé par SMS.
""",
    ),
    thread(
        "fr-zimbra",
        """
b|Bonjour à tous,
b|
b|Le vidéoprojecteur de la salle 204 s'éteint tout seul au bout de dix minutes.
b|Le filtre a été nettoyé la semaine dernière.
b|
s|Bonne journée,
s|Nadia Benali
s|Enseignante, lycée des Peupliers
b|
q|----- Mail original -----
q|De: "Support TICE" <tice@academie.example.fr>
q|À: "Nadia Benali" <nadia.benali@academie.example.fr>
q|Envoyé: Jeudi 1 Février 2024 11:26:08
q|Objet: Re: Vidéoprojecteur
q|
q|Bonjour,
q|Le filtre a-t-il été nettoyé ?
""",
    ),
    thread(
        "fr-lettre-formelle",
        """
b|Madame, Monsieur,
b|
b|Par la présente, nous vous signalons que le portail refuse nos déclarations depuis le
b|2 avril avec le code E-118. Nous joignons une copie de l'écran.
b|
s|Veuillez agréer, Madame, Monsieur, l'expression de nos salutations distinguées.
b|
s|Gérard Lemoine
s|Directeur administratif et financier
s|Transports Lemoine & Fils SAS
s|Tél. 03 55 50 12 34 - Port. 06 55 50 12 34
s|www.lemoine.example.fr
b|
d|Ce message et ses pièces jointes peuvent contenir des informations confidentielles ou
d|protégées. Si vous n'êtes pas le destinataire, merci d'en avertir l'expéditeur et de le
d|détruire.
b|
d|Pensez à l'environnement avant d'imprimer ce message.
""",
    ),
    thread(
        "fr-orange",
        """
b|Merci, le décodeur est revenu mais sans le son sur la chaîne 4.
b|
s|Cdlt
s|M. Roussel
b|
q|> Message du 12/12/23 09:40
q|> De : "Service Client" <client@tele.example.fr>
q|> A : m.roussel@boite.example.fr
q|> Copie à :
q|> Objet : Votre décodeur
q|>
q|> Bonjour Monsieur Roussel,
q|> débranchez le décodeur pendant une minute.
""",
    ),
    thread(
        "fr-outlook-ios",
        """
b|Toujours pareil, l'appli se ferme dès que je touche « Payer ».
b|
s|Télécharger Outlook pour iOS<https://aka.example.com/o3>
q|________________________________
q|De : Aide Paiement <aide@paiement.example.fr>
q|Envoyé : Tuesday, June 18, 2024 9:44:51 AM
q|À : Sophie Garnier <sophie.garnier@mail.example.fr>
q|Objet : Re: Paiement impossible
q|
q|Avez-vous la dernière version ?
""",
    ),
    thread(
        "fr-gmail-transfert",
        """
b|Voir ci-dessous.
b|
s|Paul
b|
h|---------- Forwarded message ---------
h|De : Camping du Lac <accueil@campingdulac.example.fr>
h|Date: dim. 7 juil. 2024 à 18:22
h|Subject: Barrière bloquée
h|To: Astreinte <astreinte@technique.example.fr>
b|
b|Bonsoir,
b|la barrière de l'entrée reste levée et les badges ne répondent plus.
b|
s|Merci,
s|L'équipe du camping
""",
    ),
)
