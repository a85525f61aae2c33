BEGIN TRANSACTION;
CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    operation TEXT NOT NULL CHECK (operation IN ('put', 'replace', 'drop')),
    document_key INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    chain TEXT NOT NULL
);
INSERT INTO "changes" VALUES(1,'put',1,'9086e9f281c4f0d0f7c4642ec10fe66f2c32f16dca2191913dd68a2fd936112a','27e73ac505c7612ec2d3ad8b8ef6fb78');
INSERT INTO "changes" VALUES(2,'put',2,'abc2a25bf1e4aa8ae3f5d08ab62ef8cee533061424c17f757eb9cb91e314e3c6','fa0b37f7fb949dca0d14041cfb714e9a');
CREATE TABLE cleaned (
    document_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    title TEXT NOT NULL,
    text TEXT NOT NULL,
    sections TEXT NOT NULL,
    learned TEXT NOT NULL,
    n_passages INTEGER NOT NULL,
    checksum BLOB NOT NULL,
    UNIQUE (document_key, fingerprint)
);
INSERT INTO "cleaned" VALUES(1,'6bf32068fd72d980','The badge opens no door:','The badge opens no door: hold it flat.','[{"kind": "body", "start": 0, "end": 38, "message_id": null, "logs": []}]','0000000000000000',2,X'7A96F6345796AEA91CA6EEAB274AFD85');
INSERT INTO "cleaned" VALUES(2,'6bf32068fd72d980','Badge','The badge opens no door

Hold it longer','[{"kind": "problem", "start": 0, "end": 23, "message_id": "desk:reopened#1", "logs": []}, {"kind": "resolution", "start": 25, "end": 39, "message_id": "desk:reopened#2", "logs": []}]','0000000000000000',3,X'FF8AE9A468D71B2E69D2C8D3ABE95421');
CREATE TABLE documents (
    document_key INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    product TEXT,
    language TEXT,
    status TEXT NOT NULL,
    is_resolved INTEGER NOT NULL,
    created_us INTEGER,
    valid_from_us INTEGER,
    valid_until_us INTEGER,
    merged_ids TEXT NOT NULL,
    tags TEXT NOT NULL,
    attributes_checksum BLOB NOT NULL,
    raw TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    raw_checksum BLOB NOT NULL
);
INSERT INTO "documents" VALUES(1,'kb:door','article',NULL,'en','published',0,NULL,NULL,NULL,'[]','[]',X'FCD419F55C0A84609538F8579DD839FB','{"audience": "external", "body": "The badge opens no door: hold it flat.", "confidence": "not_validated", "created_at": null, "format": "plain", "groups": [], "id": "kb:door", "kind": "article", "language": "en", "n_helpful": null, "n_unhelpful": null, "product": null, "status": "published", "supersedes": [], "tags": [], "title": "The badge opens no door:", "twin_id": null, "updated_at": null, "valid_from": null, "valid_until": null}','9086e9f281c4f0d0f7c4642ec10fe66f2c32f16dca2191913dd68a2fd936112a',X'E79BAFF65ACC19F5117FF7B2C5C6D393');
INSERT INTO "documents" VALUES(2,'desk:reopened','ticket',NULL,NULL,'resolved',1,NULL,NULL,NULL,'[]','[]',X'506A042960DBD1AD6118064F385A557C','{"article_ids": [], "created_at": null, "duplicate_ids": [], "followup_ids": [], "groups": [], "id": "desk:reopened", "kind": "ticket", "language": null, "merged_ids": [], "messages": [{"attachments": [], "author_role": "customer", "created_at": null, "format": "plain", "id": "desk:reopened#1", "public": true, "text": "The badge opens no door"}, {"attachments": [], "author_role": "agent", "created_at": null, "format": "plain", "id": "desk:reopened#2", "public": true, "text": "Hold it longer"}], "n_reopenings": null, "people": [], "problem_ids": [], "product": null, "public_subject": "Badge", "published": true, "related_ids": [], "resolution": {"format": "plain", "message_id": "desk:reopened#2", "public": true, "text": "Hold it longer"}, "resolved_at": null, "satisfaction": null, "status": "resolved", "subject": "Badge", "tags": [], "updated_at": null}','abc2a25bf1e4aa8ae3f5d08ab62ef8cee533061424c17f757eb9cb91e314e3c6',X'001945A55387A457679806F4ED1D830B');
CREATE TABLE feedback (
    number INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    kind TEXT NOT NULL,
    question TEXT NOT NULL,
    document_id TEXT NOT NULL,
    who TEXT NOT NULL,
    is_helpful INTEGER NOT NULL,
    checksum BLOB NOT NULL,
    UNIQUE (who, question, document_id, kind)
);
CREATE TABLE feedback_shown (
    number INTEGER NOT NULL REFERENCES feedback ON DELETE CASCADE,
    place INTEGER NOT NULL,
    document_id TEXT NOT NULL,
    checksum BLOB NOT NULL,
    PRIMARY KEY (number, place)
) WITHOUT ROWID;
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO "meta" VALUES('audience','external');
INSERT INTO "meta" VALUES('embedder_key','643e1a6549cbc227');
INSERT INTO "meta" VALUES('fingerprint','{"embedder":{"kind":"hashing","model":"hashing-v1","model_sha256":"1ad273dc2f34430e301e4846a5de8333bc6a7abfe29f1a30125a7188b471b048","revision":null,"dim":8,"max_tokens":256,"dtype":"float32","query_prompt":"","passage_prompt":"","normalised":true},"cleaner_version":3,"cleaning":"mail","redaction":"redaction-798cef1f","analyzer":"english-2","passages_version":2,"passage_tokens":256,"title_tokens":48}');
INSERT INTO "meta" VALUES('fingerprint_key','6bf32068fd72d980');
INSERT INTO "meta" VALUES('fingerprint_name','hashing-v1@1ad273dc/float32/256+cleaner-3-mail+redaction-798cef1f+english-2+passages-2-256-48 [6bf32068fd72d980]');
CREATE TABLE notes (
    name TEXT NOT NULL UNIQUE,
    value TEXT NOT NULL,
    checksum BLOB NOT NULL
);
CREATE TABLE passages (
    passage_key INTEGER PRIMARY KEY AUTOINCREMENT,
    document_key INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    section TEXT NOT NULL,
    message_id TEXT,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    n_tokens INTEGER NOT NULL,
    n_unseen_tokens INTEGER NOT NULL,
    input_hash TEXT NOT NULL,
    checksum BLOB NOT NULL
);
INSERT INTO "passages" VALUES(1,1,'6bf32068fd72d980',0,'body',NULL,0,38,8,0,'ab65de4b84dfe387383c2321d63f5cd9440f4a5e88e1f399a8fee0072e5efd7e',X'C496E12C27D687C821125E2722BE3D8B');
INSERT INTO "passages" VALUES(2,1,'6bf32068fd72d980',1,'title',NULL,0,0,0,0,'da4aff6b13efdf964c9352108d1c1219bb59cd275cc440ad25e3ef285bf83634',X'931D93B5F1A75CB406A879AC880B1436');
INSERT INTO "passages" VALUES(3,2,'6bf32068fd72d980',0,'problem','desk:reopened#1',0,23,5,0,'08fa659d87c0e7b86bedc5dfc02983a7305299f163a84da53bfd572df66f6b6c',X'3F148D2672D58F2C54FA92BB7DB7B7EC');
INSERT INTO "passages" VALUES(4,2,'6bf32068fd72d980',1,'resolution','desk:reopened#2',25,39,3,0,'59b55b4602d21cfd5511ef6ccac89cc2db924b2f1e06ae508005ba0ddeb49a2c',X'FCC6071A04C44A387A193F7E92E09C90');
INSERT INTO "passages" VALUES(5,2,'6bf32068fd72d980',2,'title',NULL,0,0,0,0,'002474e368210827e5f71950ba7cb0b2cafa82d71b047c356f46d37dd276a5f3',X'DC887D1F45A1E744A05C196FF0240BAD');
CREATE TABLE vectors (
    input_hash TEXT NOT NULL,
    embedder_key TEXT NOT NULL,
    vector BLOB NOT NULL,
    checksum BLOB NOT NULL,
    UNIQUE (input_hash, embedder_key)
);
INSERT INTO "vectors" VALUES('ab65de4b84dfe387383c2321d63f5cd9440f4a5e88e1f399a8fee0072e5efd7e','643e1a6549cbc227',X'ED05513E5F4D953D94B2AB3E5F4D953E70C49C3EA629333D5F4D95BEC81742BF',X'5F1074CCB91E189A0B37D216FC1909FD');
INSERT INTO "vectors" VALUES('da4aff6b13efdf964c9352108d1c1219bb59cd275cc440ad25e3ef285bf83634','643e1a6549cbc227',X'5E54553E9ADA363E7B17C63ED560983EF423893E9ADAB63D9ADAB6BD7B1746BF',X'033A8BAD706C816CA741F0F202BB6C83');
INSERT INTO "vectors" VALUES('08fa659d87c0e7b86bedc5dfc02983a7305299f163a84da53bfd572df66f6b6c','643e1a6549cbc227',X'9C8DC03D519F583EC8650A3F04B1703EC384B43E366A903D366A90BD55802EBF',X'C8F5D76A3983EFAB4704ED8C48BAE0A3');
INSERT INTO "vectors" VALUES('59b55b4602d21cfd5511ef6ccac89cc2db924b2f1e06ae508005ba0ddeb49a2c','643e1a6549cbc227',X'00000000B93A0DBF871B72BE871B72BE871BF23E00000000B93A0DBF871B72BE',X'7572733FE380E5D0B66C930FE2A47A93');
INSERT INTO "vectors" VALUES('002474e368210827e5f71950ba7cb0b2cafa82d71b047c356f46d37dd276a5f3','643e1a6549cbc227',X'1C9E70BE1C9E703EC283483F000000001C9EF03E00000000000000001C9E70BE',X'5ED354F4BD6559EF763440ECD8419A0D');
CREATE INDEX passages_by_document ON passages (document_key, fingerprint, ordinal);
CREATE INDEX passages_by_input ON passages (input_hash);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('documents',2);
INSERT INTO "sqlite_sequence" VALUES('passages',5);
INSERT INTO "sqlite_sequence" VALUES('changes',2);
COMMIT;
