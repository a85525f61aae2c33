"""Forms with which the rules for secrets were written; `{}` stands for what must go."""

from __future__ import annotations

from tests.redaction_samples import lines

ASSIGNMENTS = lines(
    r"""
    - name: MYSQL_ROOT_PASSWORD¶  value: {}
    define('DB_PASSWORD', '{}');
    DB_PASSWORD={}
    export API_PASSWORD="{}"
    spring.datasource.password={}
    password: {}
    password: '{}'
    {"user": "app", "password": "{}"}
    {"password":"{}","host":"db"}
    <password>{}</password>
    <add key="Password" value="{}" />
    [client]¶user=app¶password={}¶
    Server=db;User Id=app;Password={};Encrypt=true
    deploy --user app --password {} --verbose
    deploy --password={} --verbose
    https://app.example.com/in?user=a&password={}&lang=en
    'password' => '{}',
    $password = '{}';
    db_pass_phrase: x¶passphrase: "{}"
    passwd={}
    MYSQL_ROOT_PASSWORD={}
    smtp_password = {}
    auth:¶  username: app¶  password: {}¶  retries: 3
    "dbPassword" : "{}",
    <Password>{}</Password>
    <property name='password' value='{}'/>
    client.connect(user="app", password="{}")
    Data Source=srv1;Initial Catalog=shop;User ID=sa;Pwd={};
    tool.exe /user:app --admin-password {}
    Set-Thing -Password "{}" -Force
    password => '{}'
    db.password: {}
    jdbc:mysql://db.example.com:3306/shop?user=app&password={}&useSSL=true
    PGPASSWORD="{}" psql -h db
    passphrase: {}
    - name: ADMIN_PASSWORD¶    value: x¶ADMIN_PASSWORD: {}
    redis.password={}
    "smtp": {"user": "mailer", "pass_word": 1, "password": "{}"}
    ldap.bind.password = {}
    <entry key='password'>{}</entry>
    connect('db', user='app', passwd='{}')
    host=db port=5432 user=app password={} sslmode=require
    Provider=X;Data Source=y;Password={}
    backup.sh --db-password '{}' --quiet
    wifi_password: {}
    userPassword: {}
    const password = '{}';
    password := "{}"
    POSTGRES_PASSWORD={}
    SMTP_PASS: x¶SMTP_PASSWORD: {}
    "credentials": { "username": "svc", "password": "{}" }
    <Setting Name="AdminPassword" Value="{}" />
    mail.smtp.password={}
    set password="{}"
    password='{}' username='svc'
    amqp.password = "{}"
    login.py --username svc --password={}
    Uid=svc;Pwd={};Database=shop
    [smtp]¶user = svc¶password = {}¶port = 587
    "keystorePassword":"{}"
    ADMIN_PASSWORD={}
    admin_password: "{}"
    {"login": "svc", "password": "{}", "remember": true}
    <password type="text">{}</password>
    application.datasource.password = {}
    export DB_PASS=x DB_PASSWORD='{}'
    net.login('svc', password='{}')
    server=db;uid=svc;password={}
    --smtp-password={} --smtp-port=587
    - password: {}
    ftp_passwd = "{}"
    REDIS_PASSWORD = {}
    """
)

KEY_ASSIGNMENTS = lines(
    r"""
    api_key = "{}"
    API-Key: {}
    X-Api-Key: {}
    client_secret: "{}"
    aws_secret_access_key = {}
    HEROKU_API_KEY={}
    Authorization: Bearer {}
    AccountKey={};EndpointSuffix=core
    curl -H "Authorization: token {}" https://api.example.com
    The access token is {} and it expired.
    secret: {}
    auth_token={}
    https://api.example.com/v1?access_token={}&page=2
    Cookie: sessionid={}
    encryption key: {}
    export SERVICE_API_KEY={}
    api-key = {}
    "accessToken": "{}",
    client secret: {}
    X-Auth-Token: {}
    Authorization: Token {}
    refresh_token={}&grant_type=refresh_token
    The API key {} was rejected.
    webhook signing secret is {}
    SECRET_KEY = '{}'
    --token {}
    private_token: {}
    MAPS_API_KEY: {}
    apiKey: "{}"
    our secret key is {}
    X-Access-Token: {}
    headers = { "Authorization": "Bearer {}"}
    personal access token: {}
    --api-key={}
    app_secret={}
    bot token = {}
    SharedAccessKey={}
    session_id={}
    PAYMENT_SECRET_KEY={}
    token: "{}"
    Api-Key: {}
    my api key is {} if that helps
    x-api-key: {}
    "client_secret": "{}"
    bearer_token = {}
    https://hooks.example.com/in?token={}
    signing key: {}
    oauth_token={}
    """
)

CODES = lines(
    r"""
    My PIN is {}.
    PIN: {}
    OTP: {}
    Your verification code is {}
    {} is your verification code.
    Die PIN lautet {}.
    Mein Sicherheitscode ist {}
    Code de vérification : {}
    El código de verificación es {}
    Il codice di verifica è {}
    De verificatiecode is {}
    O código de verificação é {}
    Kod weryfikacyjny: {}
    Verifieringskoden är {}
    my card PIN is {} and it was refused
    Use the one-time code: {}
    I was sent the login code {} twice.
    2FA code: {}
    Der Bestätigungscode lautet {}.
    Meine PIN ist {}.
    Votre code de confirmation est {}.
    Mi código PIN es {}
    Il codice di conferma è: {}
    Mijn pincode is {}
    Meu código de acesso é {}
    Mój kod PIN to {}
    Min PIN-kod är {}
    the PIN for my SIM card is {}
    My verification code was {} but it expired
    Enter OTP {} to continue
    Ihr Einmalcode: {}
    Der Zugangscode ist {}.
    Le code PIN est {}
    Tu código de acceso: {}
    Codice di sicurezza: {}
    Mijn verificatiecode was {}
    Seu código de verificação: {}
    Kod jednorazowy: {}
    Engångskod: {}
    The door PIN is {} for everybody.
    OTP {}
    Here is the security code: {}
    Mein Einmalpasswort lautet {}
    PIN: {} (bitte ändern)
    Le code de vérification reçu est {}
    Mi PIN es {}
    Il PIN è {}
    De pincode is {}
    Meu PIN é {}
    Kod PIN: {}
    PIN-koden är {}
    """
)
