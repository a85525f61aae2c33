--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET client_encoding = 'UTF8';

CREATE TABLE public.topics (
    id integer NOT NULL,
    name character varying,
    private boolean DEFAULT false
);

COPY public.users (id, name, email, role, admin) FROM stdin;
5	Léa Brun	lea@desk.example	agent	f
9	Per Dahl	per@garden.example	user	f
\.


COPY public.forums (id, name, private) FROM stdin;
1	Private Tickets	t
3	Questions and Answers	f
\.


COPY public.topics (id, forum_id, user_id, user_name, name, closed_date, current_status, private, assigned_user_id, post_cache, created_at, updated_at, locale, doc_id, kind) FROM stdin;
201	3	9	Per Dahl	How long is the cable?	2024-03-02 08:00:00	closed	f	5	How long is it?\tTwo metres\n(not three)	2024-03-01 08:00:00	2024-03-02 08:00:00	en	31	ticket
202	1	9	Per Dahl	My invoice	\N	new	t	\N	\N	2024-03-03 08:00:00	2024-03-03 08:00:00	\N	0	ticket
\.


COPY public.posts (id, topic_id, user_id, body, kind, active, created_at, attachments, cc, bcc, raw_email) FROM stdin;
2012	201	5	Two metres.\nA longer one is C:\\shop\\cables	reply	t	2024-03-02 08:00:00	{"cable plan.pdf"}	\N	\N	\N
2011	201	9	How long is the cable\tin metres?	first	t	2024-03-01 08:00:00	{}	\N	\N	\N
2021	202	9	It has no number.	first	t	2024-03-03 08:00:00	{}	\N	\N	From: per
2022	202	5	He pays late.	note	t	2024-03-03 09:00:00	{}	\N	\N	\N
\.


COPY public.categories (id, name, active, visibility, ancestry) FROM stdin;
3	Pumps	t	all	\N
4	Cables	t	public	3
\.


COPY public.docs (id, title, body, keywords, category_id, active, points, created_at, updated_at) FROM stdin;
31	Cables	Every pump has two metres.	cable	4	t	1	2023-05-01 08:00:00	2023-05-01 08:00:00
32	Plugs	Not ready.	\N	4	f	0	2023-05-02 08:00:00	2023-05-02 08:00:00
\.


COPY public.doc_translations (id, doc_id, locale, title, body, keywords) FROM stdin;
41	31	en	Cables	Every pump has two metres.	cable
\.


SELECT pg_catalog.setval('public.topics_id_seq', 202, true);

--
-- PostgreSQL database dump complete
--
