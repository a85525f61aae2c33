BEGIN TRANSACTION;
CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    at_us INTEGER NOT NULL,
    action TEXT NOT NULL,
    shelf TEXT NOT NULL,
    how TEXT NOT NULL,
    document_id TEXT,
    who TEXT,
    note TEXT,
    nonce BLOB NOT NULL,
    seal BLOB NOT NULL,
    chain BLOB NOT NULL,
    checksum BLOB NOT NULL
);
INSERT INTO "audit" VALUES(1,1795398018070429,'published','external','upsert','kb:door',NULL,NULL,X'30A35F1B32BD11FDAA7B4834A69201D6',X'9E3B4ADBB43C551CCDBB981CDC9A50C4',X'4ADC61230F8FBCC132F2A66D7670FB55',X'BE65E34E3E7ACD99FE40680D6FD2A0BA');
INSERT INTO "audit" VALUES(2,1795398018070429,'published','external','upsert','desk:reopened',NULL,NULL,X'63535371751F522911D367DE5B4A71F9',X'6EFB179F5287CCFF432C15F15040C00E',X'64703474CD8B2C069EE315B9482D0269',X'3043562AF1F0DF512DE45AF29FAEAC93');
CREATE TABLE changes (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    operation TEXT NOT NULL CHECK (operation IN ('put', 'replace', 'drop')),
    document_key INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    chain TEXT NOT NULL
);
INSERT INTO "changes" VALUES(1,'put',1,'63a26f056d3ebc5c481072d84002d57c79326e69b017e487f39ca2d9efd79e17','3b698c1099e76de24385d2999acbb5fa');
INSERT INTO "changes" VALUES(2,'put',2,'6b505e384ce9a33b6878181abdead52605435ed471cad322a45fb2a74a9faf3d','36c21be81ad3e07ee5631d35c8d3d70e');
INSERT INTO "changes" VALUES(3,'put',3,'9cffcf81456ebc79cfc81f8c5e28f888bdd41c91f254d4c9b0cd51a05b5a67ba','d5b3bdbe63ffe0eb6d6765ff59478f0b');
INSERT INTO "changes" VALUES(4,'put',4,'617e1209b32e5115ca10357dbecade79b47b9848194fe253b709d4609edddb3b','33f1a0bdc3e1c04592fb3599c3800b97');
INSERT INTO "changes" VALUES(5,'put',5,'fbf79a29525a36766101529fd140e505c8451f9f27c85f68d271d108b57f3246','7f7749f7a5cb2d9550a5565f2478db35');
INSERT INTO "changes" VALUES(6,'drop',1,'63a26f056d3ebc5c481072d84002d57c79326e69b017e487f39ca2d9efd79e17','5d806fc47e4171bef551a4aee8768191');
INSERT INTO "changes" VALUES(7,'put',6,'63a26f056d3ebc5c481072d84002d57c79326e69b017e487f39ca2d9efd79e17','b5f901b5b77174327c33092aea9dbf26');
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
INSERT INTO "cleaned" VALUES(2,'6bf32068fd72d980','The badge opens no door','The badge opens no door

Hold it longer','[{"kind": "problem", "start": 0, "end": 23, "message_id": "desk:reopened#1", "logs": []}, {"kind": "resolution", "start": 25, "end": 39, "message_id": "desk:reopened#2", "logs": []}]','0000000000000000',3,X'C10D35EE90C18D8551C1D151A950370B');
INSERT INTO "cleaned" VALUES(3,'6bf32068fd72d980','The badge opens no door','The badge opens no door

Ask the porter','[{"kind": "problem", "start": 0, "end": 23, "message_id": "desk:disliked#1", "logs": []}, {"kind": "resolution", "start": 25, "end": 39, "message_id": "desk:disliked#2", "logs": []}]','0000000000000000',3,X'943D9A96F4DAF7A187E489830972018A');
INSERT INTO "cleaned" VALUES(4,'6bf32068fd72d980','The badge opens no door','The badge opens no door

Wait a day','[{"kind": "problem", "start": 0, "end": 23, "message_id": "desk:followed#1", "logs": []}, {"kind": "resolution", "start": 25, "end": 35, "message_id": "desk:followed#2", "logs": []}]','0000000000000000',3,X'8A8E05CCC80D5EF0FFB0E20A79BE0272');
INSERT INTO "cleaned" VALUES(5,'6bf32068fd72d980','The badge opens no door again','The badge opens no door again','[{"kind": "problem", "start": 0, "end": 29, "message_id": null, "logs": []}]','0000000000000000',2,X'B6154E977E30C21332E85A81E6861F34');
INSERT INTO "cleaned" VALUES(6,'6bf32068fd72d980','The badge opens no door','The badge opens no door

Hold it flat','[{"kind": "problem", "start": 0, "end": 23, "message_id": "desk:held#1", "logs": []}, {"kind": "resolution", "start": 25, "end": 37, "message_id": "desk:held#2", "logs": []}]','0000000000000000',3,X'2C616039FC10A42B1AEC873A16CF8924');
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
INSERT INTO "documents" VALUES(2,'desk:reopened','ticket',NULL,NULL,'resolved',1,NULL,NULL,NULL,'[]','[]',X'506A042960DBD1AD6118064F385A557C','{"article_ids": [], "created_at": null, "duplicate_ids": [], "followup_ids": [], "groups": [], "id": "desk:reopened", "kind": "ticket", "language": null, "merged_ids": [], "messages": [{"attachments": [], "author_role": "customer", "created_at": null, "format": "plain", "id": "desk:reopened#1", "public": true, "text": "The badge opens no door"}, {"attachments": [], "author_role": "agent", "created_at": null, "format": "plain", "id": "desk:reopened#2", "public": true, "text": "Hold it longer"}], "n_reopenings": 2, "people": [], "problem_ids": [], "product": null, "public_subject": "Badge", "published": true, "related_ids": [], "resolution": {"format": "plain", "message_id": "desk:reopened#2", "public": true, "text": "Hold it longer"}, "resolved_at": null, "satisfaction": null, "status": "resolved", "subject": "The badge opens no door", "tags": [], "updated_at": null}','6b505e384ce9a33b6878181abdead52605435ed471cad322a45fb2a74a9faf3d',X'62EA31A75A4DAABD6C9967EFF341501F');
INSERT INTO "documents" VALUES(3,'desk:disliked','ticket','Badges',NULL,'resolved',1,NULL,NULL,NULL,'[]','[]',X'87282701F9363B02B6DDD02209EFCD8A','{"article_ids": [], "created_at": null, "duplicate_ids": [], "followup_ids": [], "groups": [], "id": "desk:disliked", "kind": "ticket", "language": null, "merged_ids": [], "messages": [{"attachments": [], "author_role": "customer", "created_at": null, "format": "plain", "id": "desk:disliked#1", "public": true, "text": "The badge opens no door"}, {"attachments": [], "author_role": "agent", "created_at": null, "format": "plain", "id": "desk:disliked#2", "public": true, "text": "Ask the porter"}], "n_reopenings": null, "people": [], "problem_ids": [], "product": "Badges", "public_subject": null, "published": false, "related_ids": [], "resolution": {"format": "plain", "message_id": "desk:disliked#2", "public": true, "text": "Ask the porter"}, "resolved_at": null, "satisfaction": "bad", "status": "resolved", "subject": "The badge opens no door", "tags": [], "updated_at": null}','9cffcf81456ebc79cfc81f8c5e28f888bdd41c91f254d4c9b0cd51a05b5a67ba',X'CCB02D2A63C7BAA66AE498EF2F516BC0');
INSERT INTO "documents" VALUES(4,'desk:followed','ticket',NULL,NULL,'resolved',1,NULL,NULL,NULL,'[]','[]',X'988805CCA4B02843B06BE066DE63031E','{"article_ids": [], "created_at": null, "duplicate_ids": [], "followup_ids": ["desk:open"], "groups": [], "id": "desk:followed", "kind": "ticket", "language": null, "merged_ids": [], "messages": [{"attachments": [], "author_role": "customer", "created_at": null, "format": "plain", "id": "desk:followed#1", "public": true, "text": "The badge opens no door"}, {"attachments": [], "author_role": "agent", "created_at": null, "format": "plain", "id": "desk:followed#2", "public": true, "text": "Wait a day"}], "n_reopenings": null, "people": [], "problem_ids": [], "product": null, "public_subject": null, "published": false, "related_ids": [], "resolution": {"format": "plain", "message_id": "desk:followed#2", "public": true, "text": "Wait a day"}, "resolved_at": null, "satisfaction": null, "status": "resolved", "subject": "The badge opens no door", "tags": [], "updated_at": null}','617e1209b32e5115ca10357dbecade79b47b9848194fe253b709d4609edddb3b',X'4753AF337D84371C489AB1489D8D7AB3');
INSERT INTO "documents" VALUES(5,'desk:open','ticket',NULL,NULL,'open',0,NULL,NULL,NULL,'[]','[]',X'ADBAFC88BD5415054A98DB3D421A21CF','{"article_ids": [], "created_at": null, "duplicate_ids": [], "followup_ids": [], "groups": [], "id": "desk:open", "kind": "ticket", "language": null, "merged_ids": [], "messages": [{"attachments": [], "author_role": "customer", "created_at": null, "format": "plain", "id": null, "public": true, "text": "The badge opens no door again"}], "n_reopenings": null, "people": [], "problem_ids": [], "product": null, "public_subject": null, "published": false, "related_ids": [], "resolution": null, "resolved_at": null, "satisfaction": null, "status": "open", "subject": "The badge opens no door again", "tags": [], "updated_at": null}','fbf79a29525a36766101529fd140e505c8451f9f27c85f68d271d108b57f3246',X'0BDBC4CABA3725AF72982198EFCC88E1');
INSERT INTO "documents" VALUES(6,'desk:held','ticket',NULL,NULL,'resolved',1,1772323200000000,NULL,NULL,'[]','["badge"]',X'97C0C123384DDB8AFCC20C8F8084561B','{"article_ids": [], "created_at": "2026-03-01T00:00:00Z", "duplicate_ids": [], "followup_ids": [], "groups": [], "id": "desk:held", "kind": "ticket", "language": null, "merged_ids": [], "messages": [{"attachments": [], "author_role": "customer", "created_at": null, "format": "plain", "id": "desk:held#1", "public": true, "text": "The badge opens no door"}, {"attachments": [], "author_role": "agent", "created_at": null, "format": "plain", "id": "desk:held#2", "public": true, "text": "Hold it flat"}], "n_reopenings": 0, "people": [], "problem_ids": [], "product": null, "public_subject": null, "published": false, "related_ids": [], "resolution": {"format": "plain", "message_id": "desk:held#2", "public": true, "text": "Hold it flat"}, "resolved_at": null, "satisfaction": "good", "status": "resolved", "subject": "The badge opens no door", "tags": ["badge"], "updated_at": null}','63a26f056d3ebc5c481072d84002d57c79326e69b017e487f39ca2d9efd79e17',X'B7863BF3F074A39A1860D83B0F8445A0');
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
INSERT INTO "meta" VALUES('audience','internal');
INSERT INTO "meta" VALUES('audit_head','2 64703474cd8b2c069ee315b9482d0269');
INSERT INTO "meta" VALUES('audit_told','2 2 fa0b37f7fb949dca0d14041cfb714e9a');
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
INSERT INTO "passages" VALUES(4,2,'6bf32068fd72d980',0,'problem','desk:reopened#1',0,23,5,0,'3f144bdc549b795ce523a75083923299a6f1b2ff365ef37e723b90f9b2de90cf',X'F920688B14E158572E055F1AA7FDC89D');
INSERT INTO "passages" VALUES(5,2,'6bf32068fd72d980',1,'resolution','desk:reopened#2',25,39,3,0,'9e1003ed22105f275617f9c124399b22aaca47de0c15088e15cd041d409f5ec3',X'CBDE19368F5A60B45EA15F5946CEC58D');
INSERT INTO "passages" VALUES(6,2,'6bf32068fd72d980',2,'title',NULL,0,0,0,0,'22f1c0f35319459463d08b61bc60bd28840112a834c3646fcfd26adc71c62b15',X'272EB9DDE5DDBEABDD4F68A8060BECD6');
INSERT INTO "passages" VALUES(7,3,'6bf32068fd72d980',0,'problem','desk:disliked#1',0,23,5,0,'3f144bdc549b795ce523a75083923299a6f1b2ff365ef37e723b90f9b2de90cf',X'EC5155E2E61369D700F59F861769044B');
INSERT INTO "passages" VALUES(8,3,'6bf32068fd72d980',1,'resolution','desk:disliked#2',25,39,3,0,'9aaee87458723bf15f4d6c3f6c4d8604cfa54d5725161cf3a939501a8db7ea48',X'B9002731FB75ABA509B1187A7A2ACB3A');
INSERT INTO "passages" VALUES(9,3,'6bf32068fd72d980',2,'title',NULL,0,0,0,0,'22f1c0f35319459463d08b61bc60bd28840112a834c3646fcfd26adc71c62b15',X'21EC1895C35D83CE051BB89A9904A31F');
INSERT INTO "passages" VALUES(10,4,'6bf32068fd72d980',0,'problem','desk:followed#1',0,23,5,0,'3f144bdc549b795ce523a75083923299a6f1b2ff365ef37e723b90f9b2de90cf',X'C24A74A6CDBB77521D0B38F905A96C7D');
INSERT INTO "passages" VALUES(11,4,'6bf32068fd72d980',1,'resolution','desk:followed#2',25,35,3,0,'7ba9f813ccd92c9305f48398e8943c74b18e280caf7ed47d68f4a7b91614f25c',X'9A10616FCFCADCE2AC03C2D34A10F19F');
INSERT INTO "passages" VALUES(12,4,'6bf32068fd72d980',2,'title',NULL,0,0,0,0,'22f1c0f35319459463d08b61bc60bd28840112a834c3646fcfd26adc71c62b15',X'92C36B8F57CA23C8B2DEFBF24F654224');
INSERT INTO "passages" VALUES(13,5,'6bf32068fd72d980',0,'problem',NULL,0,29,6,0,'8c816570cf22abfee04ce43e6b20272518c63c33b63c992eb7b8d9e0f2a837e5',X'514DAF7797B5CF774FD64698397E67C9');
INSERT INTO "passages" VALUES(14,5,'6bf32068fd72d980',1,'title',NULL,0,0,0,0,'380d6f623fabfe180c4e223dd9259ef7f87cf3479887775ce56f98322eeeef0a',X'93A5F831EC09D02A454C41D1E00AD1B1');
INSERT INTO "passages" VALUES(15,6,'6bf32068fd72d980',0,'problem','desk:held#1',0,23,5,0,'3f144bdc549b795ce523a75083923299a6f1b2ff365ef37e723b90f9b2de90cf',X'4A18E25ACB8A48FAAE98D1F30572EAB9');
INSERT INTO "passages" VALUES(16,6,'6bf32068fd72d980',1,'resolution','desk:held#2',25,37,3,0,'88565ae4242c86f40969f755c20597cac8c273f751212eb4db8ed8ceaae514e1',X'001091FFA14D2274F9D3084202B2FD5F');
INSERT INTO "passages" VALUES(17,6,'6bf32068fd72d980',2,'title',NULL,0,0,0,0,'22f1c0f35319459463d08b61bc60bd28840112a834c3646fcfd26adc71c62b15',X'DC7CA184329E9127884D7318B7F2BF05');
CREATE TABLE vectors (
    input_hash TEXT NOT NULL,
    embedder_key TEXT NOT NULL,
    vector BLOB NOT NULL,
    checksum BLOB NOT NULL,
    UNIQUE (input_hash, embedder_key)
);
INSERT INTO "vectors" VALUES('3f144bdc549b795ce523a75083923299a6f1b2ff365ef37e723b90f9b2de90cf','643e1a6549cbc227',X'5E54553E9ADA363E7B17C63ED560983EF323893E9ADAB63D9ADAB6BD7B1746BF',X'BE6C8022D55F5FCD0EEF7EC1643A23FA');
INSERT INTO "vectors" VALUES('22f1c0f35319459463d08b61bc60bd28840112a834c3646fcfd26adc71c62b15','643e1a6549cbc227',X'5E54553E9ADA363E7B17C63ED560983EF423893E9ADAB63D9ADAB6BD7B1746BF',X'9DC8A28144CE6F4B0BA84C2E79247B73');
INSERT INTO "vectors" VALUES('9e1003ed22105f275617f9c124399b22aaca47de0c15088e15cd041d409f5ec3','643e1a6549cbc227',X'B7749F3E2421FFBDB7749FB2003D5F3EA5828F3EDC58BF3DB6749FBEED4A4FBF',X'E97A52AAB2246320849C3C325D048559');
INSERT INTO "vectors" VALUES('9aaee87458723bf15f4d6c3f6c4d8604cfa54d5725161cf3a939501a8db7ea48','643e1a6549cbc227',X'1F403E3E483398BC5B53773E1F403E3EB6392B3EF24CE43DF24C64BD8B0E69BF',X'65604753174EEA588D4A040AFF820B0F');
INSERT INTO "vectors" VALUES('7ba9f813ccd92c9305f48398e8943c74b18e280caf7ed47d68f4a7b91614f25c','643e1a6549cbc227',X'938A893EA4301DBDD27CC4B2106FFF3EBDD6B03EFCC8EB3DFCC8EB3DC6A93ABF',X'0496EC751161F59C0377386F93EB0F38');
INSERT INTO "vectors" VALUES('8c816570cf22abfee04ce43e6b20272518c63c33b63c992eb7b8d9e0f2a837e5','643e1a6549cbc227',X'B513D03DB713D03E0410A93E0410A93E2D166A3EC90E9C3DC90E9CBDDE913CBF',X'01093258EE959EDA4DF10AB1593D925E');
INSERT INTO "vectors" VALUES('380d6f623fabfe180c4e223dd9259ef7f87cf3479887775ce56f98322eeeef0a','643e1a6549cbc227',X'B613D03DB713D03E0410A93E0410A93E2F166A3ECA0E9C3DCA0E9CBDDD913CBF',X'967A03D4F9A642A534B7AC03962D8494');
INSERT INTO "vectors" VALUES('88565ae4242c86f40969f755c20597cac8c273f751212eb4db8ed8ceaae514e1','643e1a6549cbc227',X'F270423EEB37DEBCF5E28A3EF6E28A3EF4A9A63E000000006F1BECBE738D34BF',X'6FAE6A1B903163D361FEEC8D3BAD2473');
CREATE INDEX passages_by_document ON passages (document_key, fingerprint, ordinal);
CREATE INDEX passages_by_input ON passages (input_hash);
CREATE INDEX audit_by_document ON audit (document_id);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('documents',6);
INSERT INTO "sqlite_sequence" VALUES('passages',17);
INSERT INTO "sqlite_sequence" VALUES('changes',7);
COMMIT;
