"""The words by which `secret_masking` knows a secret, and those that only look like one, in four languages.

All patterns are matched against lower-case text. A name is known by its end, which is quick to find in a long text.
"""

import re

# The end of every name below; where none stands in a text, no name does.
NAME_ENDS = re.compile(
    r"pass(?:e|[-_ ]?(?:word|phrase|code|wd))?|pwd|pw|mdp|secret|key|token|authorization|jwt|api|secr[èe]te|client|"
    r"jeton|パスワード|パスフレーズ|パスコード|暗証番号|キー|シークレット|秘密鍵|トークン|(?:парол|ключ|токен)[а-я]{0,3}|слово|клиента"
)
KEY_NAME = re.compile(
    r"(?:(?:api|app|secret|account|access|signing|encryption|master|private)[-_ ]?key|"
    r"(?:api|client|consumer|app|shared|webhook|signing)[-_ ]?secret|"
    r"cl[ée]s?[ \u00a0](?:d[’'])?api|cl[ée][ \u00a0]secr[èe]te|secret[ \u00a0]client|"
    r"(?:api|アクセス)[ -]?キー|シークレット(?:キー)?|秘密鍵|"
    r"api[- ]ключ[а-я]{0,3}|ключ[а-я]{0,3}[ \u00a0]api|"
    r"секретн[а-я]{2,3}[ \u00a0]ключ[а-я]{0,3}|секрет[ \u00a0]клиента)\Z"
)
TOKEN_NAME = re.compile(
    r"(?:(?<!page)(?<!page[-_])token|authorization|(?<![a-z])jwt|(?<![a-z])secret|jeton|トークン|токен[а-я]{0,3})\Z"
)
PASSWORD_NAME = re.compile(
    r"(?:pass[-_ ]?(?:word|phrase|code|wd)|(?<![a-z])(?:pwd|pass|pw|mdp)|"
    r"mots?[ \u00a0]de[ \u00a0]passe|code[ \u00a0]secret|パスワード|パスフレーズ|パスコード|暗証番号|"
    r"парол[а-я]{1,3}|кодов[а-я]{2,3}[ \u00a0]слово)\Z"
)
LONGEST_NAME = 40

ORDINARY_WORDS = """
    a again an and any are as at be been but by can can't cannot could did didn't do does doesn't don't error expired
    failed false field for forgot forgotten from get has have he here how i i'm if in incorrect invalid is isn't it it's
    its least lost may missing must my needed needs new no none not null of ok old on or our page please policy rejected
    required reset same screen see set she should so some step still that the their then there these they this to too
    true try unchanged undefined unknown was we were what when where which who why will with won't wrong yes you your
    unauthorized revoked denied empty optional blank hidden removed masked redacted changed characters doesnt dont cant
    au aucun aucune avec avez avons ce cela ces cette comment dans de des doit du elle en est et faux il ils impossible
    incorrect invalide j'ai je la le les manquant mon ne non notre nous nouveau n'est oublié oui ou où par pas perdu
    pour pourquoi pouvez quand que quel qui refusé requis réinitialiser sa si son sur un une vide voir votre vous erreur
    expiré expire obligatoire ancien champ caractères
    а без был было в вам вас вы где да для его если есть еще ещё забыл забыла забыт и из или истек истёк к как когда кто
    мне могу мой мы на не неверный неверен неправильный нет но новый о об обязательно он она они от ошибка по почему
    пожалуйста при просрочен пустой с сброс сбросить символов со старый так там то только требуется ту у уже что это я
    なし 不明 必須 エラー 無効 期限切れ 忘れました
"""
ORDINARY = frozenset(ORDINARY_WORDS.split())
PLACEHOLDER = re.compile(
    r"[*.…_x•#?-]*|[$%]?[{(\[<%].*|"
    r"(?:your|my|some|example|ваш|votre)[-_ ]?.*(?:key|token|secret|pass|word|here|clé|ключ).*|"
    r"bearer|basic|digest|token",
    re.IGNORECASE,
)
