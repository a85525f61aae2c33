# ruff: noqa: E501, RUF001 - words of other alphabets
"""Words that every text of a language holds: articles, pronouns, prepositions, auxiliaries."""

from __future__ import annotations

from functools import cache

_BM25S = {
    "dutch": "DUTCH",
    "english": "EN_PLUS",
    "french": "FRENCH",
    "german": "GERMAN",
    "italian": "ITALIAN",
    "norwegian": "NORWEGIAN",
    "portuguese": "PORTUGUESE",
    "russian": "RUSSIAN",
    "spanish": "SPANISH",
    "swedish": "SWEDISH",
}
# Published lists of these languages hold words with a content, or are written in
# another alphabet or century; these hold what is left of them.
_OWN = {
    "arabic": "في من على إلى عن مع هذا هذه ذلك تلك التي الذي الذين أن إن كان كانت يكون لا لم لن ما هو"
    " هي هم نحن أنا أنت ثم أو أم بل قد كل بعد قبل عند بين حتى إذا لكن و أي كما لأن هل",
    "catalan": "a al als amb aquest aquesta aquests aquestes això aquell aquella com de del dels des"
    " el els em en ens entre era és són es està estan ha han hem he hi i jo la les li lo me més meu"
    " meva molt na ni no nosaltres o on per perquè però quan què que qui sense seu seva si sobre"
    " són també te teu tot un una uns unes va van vaig us vos vosaltres ser estar haver fins",
    "czech": "a aby ale ani asi až bez by byl byla bylo byly bych být co což či do ho i já je jeho"
    " jej její jejich jen ještě ji jí jim již jsem jsme jsou jste k kde kdo kdy když ke která které"
    " který která kteří ku má mám máme mají mě mi mít mne mnou můj my na nad nám nás náš ne nebo nebyl"
    " není než nic o od on ona oni ono pak po pod pokud pro proč proto protože před při s se si"
    " sice svůj ta tak také tato ten tento ti to tohle tom tomto toto tu tuto ty u už v vám vás váš"
    " ve však vy z za ze že",
    "danish": "af alle alt anden at blev blive bliver da de dem den denne der deres det dette dig din"
    " disse dit dog du efter eller en end er et for fra ham han hans har havde have hej hende hendes"
    " her hos hun hvad hvis hvor hvordan hvorfor i ikke ind jeg jer jo kan kunne man mange med meget"
    " men mig min mine mit mod ned noget nogle nu når og også om op os over på sammen selv sig sin"
    " sine sit skal skulle som sådan til ud under var vi vil ville vor være været",
    "finnish": "ei eikä eivät ellei emme en enkä et ette että he heidän heille heitä hän häneen hänelle"
    " hänen hänet häntä ja jo joiden joita joka jolla joka jos jossa josta jota jotka kanssa koska"
    " kuin kuka kun me meidän meille meitä mihin mikä mikäli minkä minua minulla minulle minun minut"
    " minä missä mistä mitä mukaan mutta myös ne niiden niin niitä noiden nuo nyt oli olimme olin"
    " olisi olivat olla olen olemme olet olette ollut on ovat se sekä sen siellä siihen siinä siitä"
    " sille sinua sinulla sinun sinä sitä tai te teidän teille tuo tuon tässä tästä tämä tämän tätä"
    " vaan vai vaikka",
    "greek": "ο η το οι τα του της των τον την τους τις στο στη στην στον στα στους στις σε από με για"
    " και ή να θα δεν μη μην που πως ότι όταν αν είναι ήταν είμαι είσαι είμαστε έχω έχει έχουν έχουμε"
    " αυτό αυτή αυτός αυτά αυτές αυτοί ένα ένας μια μία εγώ εσύ εμείς εσείς μου σου μας σας τι ποιο"
    " ποια ποιος όπως κατά μετά πριν προς αλλά επίσης πολύ εδώ εκεί τώρα ως",
    "hindi": "का के की को में से पर है हैं था थी थे हो होता होती होते और या कि जो यह ये वह वे इस उस इन उन"
    " एक ने तो ही भी न नहीं मैं हम आप तुम मेरा मेरी मेरे हमारा आपका आपके आपकी अपना अपने अपनी तक लिए"
    " साथ कर करना करने रहा रही रहे गया गई गए जब तब कब क्या क्यों कैसे कौन",
    "hungarian": "a abban ahhoz ahogy akkor aki alatt amely ami amikor az azok azon azt azzal át be"
    " belül bár csak de e ebben egy ehhez ekkor el ennek erre ez ezek ezen ezt ezzel én és fel felé"
    " ha hogy hogyan hol ill így ilyen is itt ki kell le lesz lett majd maga már meg mely mert mi"
    " miért mikor mint mit mivel most még nagyon ne nekem nem neki nincs olyan ott ő ők össze s"
    " saját se sem szerint ti te úgy után vagy vagyok van vannak vele volt voltak volna",
    "indonesian": "ada adalah agar akan aku anda apa apakah atau bagaimana bagi bahwa belum bisa bukan"
    " dalam dan dapat dari di dia hanya harus ia ini itu jika juga kami kamu karena ke kepada ketika"
    " kita lagi mana mereka namun oleh pada para sangat saat saya seperti sebagai sebuah sedang"
    " semua sudah supaya tapi telah tentang tersebut tetapi tidak untuk yaitu yang",
    "persian": "و در به از که این آن را با است برای بود شد شده می های ها هم یا تا اما اگر هر بر نیز"
    " من تو او ما شما آنها خود یک چه چرا چگونه کجا بی پس دیگر باید هست نیست بودن کرد کرده کند"
    " شود دارد دارند کنم کنید",
    "polish": "a aby ale ani bardzo bez bo był była było były by być ci cię co czy dla do gdy gdzie go"
    " i ich im ja jak jaki jako je jego jej jest jestem jeśli jeszcze już kiedy kto która które"
    " który lub ma mam mają mi mnie mną moja moje może można mój mu my na nad nam nas nasz nie nich"
    " niego niej nim o od on ona one oni ono oraz po pod ponieważ przed przez przy się są swój ta"
    " tak także tam te tego tej temu ten to tu twój ty tych tylko tym u w was wasz we więc wy z za"
    " ze że żeby",
    "romanian": "a acea aceasta această aceea acel acela acele aceste acest acesta acești ai al ale am"
    " ar are aș ași asta astfel atunci au avea aveți avem când care ce cel cele cei că căci cu cum"
    " da dacă dar de decât deci despre din după e ea ei el ele era eram este ești eu face fi fie"
    " fiind foarte fost i îi îl îmi în încât își îți la le li lor lui mă mai mea mei mele meu mi mie"
    " ne nici niște noi nostru nu o ori pe pentru până prin sa să sale sau său se si și sînt sunt"
    " suntem sub ta tale te tu un una unde unei unele unii unor unui va vă voi vom vor vostru",
    "turkish": "acaba ama ancak bana bazı belki ben beni benim bile bir biri biz bize bizi bizim bu"
    " buna bunda bundan bunlar bunu bunun çok çünkü da daha de defa değil diye en gibi hem hep"
    " hepsi her hiç için ile ise kez ki kim kimi mi mı mu mü nasıl ne neden nerede niçin niye o olan"
    " olarak oldu olduğu olur ona onlar onu onun sana sen seni senin siz size sizi sizin şey şu"
    " tüm var ve veya ya yani yok",
}


@cache
def stop_words(language: str) -> frozenset[str]:
    """
    The stop words of a Snowball language, case-folded; none of one without a list.

    Source:
        bm25s for ten languages; for others lists of our own.
    """
    language = language.removesuffix("_porter")
    if language in _OWN:
        return frozenset(word.casefold() for word in _OWN[language].split())
    if language not in _BM25S:
        return frozenset()
    from bm25s import stopwords

    words: tuple[str, ...] = tuple(getattr(stopwords, f"STOPWORDS_{_BM25S[language]}"))
    return frozenset(word.casefold() for word in words)
