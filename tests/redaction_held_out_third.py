"""
Sentences with passwords, two or three of each locale, and passwords of three strengths.

They were written after the rule for made-up words near "password" was finished, and
before it was measured. No rule was changed for them; the docstring of
`redaction_held_out` tells what becomes of one that fails.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from random import Random

from tests.redaction_samples import Maker, lines

PASSWORDS = {
    "en_US": lines(
        r"""
        Three times I put {} where it wants the password, and three times it threw me out.
        My colleague swears by {} for a password. It does nothing for me.
        Cannot get past the password screen, I have {} on the sticky note you gave me.
        """
    ),
    "en_GB": lines(
        r"""
        Regarding the password: Moira handed me a slip with {} on it.
        {} has stopped being accepted, did anybody touch our password?
        The password you sent is not the one I chose, mine looks like {} or thereabouts.
        Passwords again. Tried so far:¶{}¶and nothing else comes to mind.
        Hello,¶the WiFi here lets nobody in.¶We type {} since the new password came.
        """
    ),
    "de": lines(
        r"""
        Auf dem Zettel mit dem Passwort steht {}, aber das nimmt er nicht.
        Früher ging {}, doch seit Montag will das Portal ein anderes Kennwort.
        Ich kann mich mit {} nicht mehr anmelden. Ist das Passwort noch gültig?
        """
    ),
    "fr": lines(
        r"""
        J'ai noté {} sur le carnet, c'est bien ça le mot de passe ?
        Pour le mot de passe, on m'a dicté {} par téléphone.
        """
    ),
    "es": lines(
        r"""
        Me dieron {} cuando pedí la contraseña, y la página lo rechaza.
        No entiendo la contraseña del correo: probé con {} y también sin la última letra.
        """
    ),
    "it": lines(
        r"""
        Nel biglietto della password leggo {} ma forse manca qualcosa.
        Con {} entravo fino a ieri, poi mi ha chiesto un'altra password.
        """
    ),
    "nl": lines(
        r"""
        Op het briefje over het wachtwoord staat volgens mij {} geschreven.
        Eerst werkte {} prima, nu zegt hij dat mijn wachtwoord niet klopt.
        """
    ),
    "pt_BR": lines(
        r"""
        Sobre a senha, o técnico anterior deixou {} colado no monitor.
        Tentei {} várias vezes e o sistema diz que a senha não confere.
        """
    ),
    "pl": lines(
        r"""
        W sprawie hasła: dostałem od kolegi {} i nie działa.
        Wczoraj wystarczyło {}, dziś system żąda innego hasła.
        """
    ),
    "sv": lines(
        r"""
        På lappen med lösenordet står det {} men det fungerar inte.
        Förut kom jag in med {}, nu duger inte lösenordet längre.
        """
    ),
}

_WORDS = (
    "thistle bramble saddle walnut pigeon marble tundra candle ribbon jigsaw mustard kettle"
    " sommer fenster jardin fromage".split()
)


def _digits(rng: Random, least: int, most: int) -> str:
    return "".join(rng.choice(string.digits) for _ in range(rng.randint(least, most)))


def _strong(rng: Random) -> str:
    """Letters, digits and a symbol, in the orders that people use."""
    word, symbol = rng.choice(_WORDS), rng.choice("!#$%&*?+=@")
    alphabet = string.ascii_letters + string.digits
    jumble = "".join(rng.choice(alphabet) for _ in range(rng.randint(4, 7)))
    return rng.choice(
        (
            f"{word.capitalize()}{_digits(rng, 1, 4)}{symbol}",
            f"{word}{symbol}{_digits(rng, 2, 4)}",
            f"{_digits(rng, 2, 3)}{symbol}{word.capitalize()}",
            f"{symbol}{word.capitalize()}{_digits(rng, 2, 4)}",
            f"{jumble}{symbol}{_digits(rng, 1, 2)}{jumble[::-1]}",
        )
    )


def _word_with_digits(rng: Random) -> str:
    word, digits = rng.choice(_WORDS), _digits(rng, 2, 4)
    return rng.choice((f"{word}{digits}", f"{word.capitalize()}{digits}"))


def _words(rng: Random) -> str:
    return "".join(rng.sample(_WORDS, 2))


STRENGTHS: Mapping[str, Maker] = {
    "letters, digits and a symbol": _strong,
    "a word with digits": _word_with_digits,
    "words only": _words,
}
"""The last can be told from other words by the sentence alone."""
