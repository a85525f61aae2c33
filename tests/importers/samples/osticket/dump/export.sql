-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
--
-- Host: localhost    Database: desk
-- ------------------------------------------------------
/*!40101 SET NAMES utf8mb4 */;

--
-- Table structure for table `ost_faq`
--

DROP TABLE IF EXISTS `ost_faq`;
CREATE TABLE `ost_faq` (
  `faq_id` int unsigned NOT NULL AUTO_INCREMENT,
  `category_id` int unsigned NOT NULL DEFAULT '0',
  `ispublished` tinyint unsigned NOT NULL DEFAULT '0',
  `question` varchar(255) NOT NULL,
  `answer` text NOT NULL,
  `keywords` tinytext,
  `notes` text,
  `created` datetime NOT NULL,
  `updated` datetime DEFAULT NULL,
  PRIMARY KEY (`faq_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

LOCK TABLES `ost_faq` WRITE;
INSERT INTO `ost_faq` VALUES (20,7,1,'Why is my scanner offline?','<p>Check the cable.</p>',NULL,'','2024-04-01 08:00:00',NULL);
UNLOCK TABLES;

DROP TABLE IF EXISTS `ost_faq_category`;
CREATE TABLE `ost_faq_category` (
  `category_id` int unsigned NOT NULL AUTO_INCREMENT,
  `category_pid` int unsigned DEFAULT NULL,
  `ispublic` tinyint unsigned NOT NULL DEFAULT '0',
  `name` varchar(125) DEFAULT NULL,
  PRIMARY KEY (`category_id`),
  KEY `ispublic` (`ispublic`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `ost_faq_category` VALUES (7,0,1,'Scanners');

CREATE TABLE `ost_thread` (
  `id` int unsigned NOT NULL AUTO_INCREMENT,
  `object_id` int unsigned NOT NULL,
  `object_type` char(1) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `ost_thread` VALUES (18,8,'T'),(20,10,'T');

CREATE TABLE `ost_thread_entry` (
  `id` int unsigned NOT NULL AUTO_INCREMENT,
  `thread_id` int unsigned NOT NULL DEFAULT '0',
  `staff_id` int unsigned NOT NULL DEFAULT '0',
  `user_id` int unsigned NOT NULL DEFAULT '0',
  `type` char(1) NOT NULL DEFAULT '',
  `flags` int unsigned NOT NULL DEFAULT '0',
  `poster` varchar(128) NOT NULL DEFAULT '',
  `title` varchar(255) DEFAULT NULL,
  `body` text NOT NULL,
  `format` varchar(16) NOT NULL DEFAULT 'html',
  `created` datetime NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `ost_thread_entry` VALUES (801,18,0,3,'M',1,'Ana Ruiz','Scanner is offline','<p>The scanner is offline,\nsince Monday.</p>','html','2024-04-01 08:00:00'),(802,18,7,0,'N',0,'Tom Bell',NULL,'<p>Port 9100 was closed by the new firewall.</p>','html','2024-04-01 09:00:00'),(803,18,7,0,'R',0,'Tom Bell',NULL,'<p>It is reachable again.</p>','html','2024-04-01 10:00:00');
INSERT INTO `ost_thread_entry` VALUES (1001,20,0,3,'M',0,'Ana Ruiz','Offline again','<p>Offline again.</p>','html','2024-04-03 08:00:00');

CREATE TABLE `ost_ticket` (
  `ticket_id` int unsigned NOT NULL AUTO_INCREMENT,
  `ticket_pid` int unsigned DEFAULT NULL,
  `number` varchar(20) DEFAULT NULL,
  `user_id` int unsigned NOT NULL DEFAULT '0',
  `status_id` int unsigned NOT NULL DEFAULT '0',
  `staff_id` int unsigned NOT NULL DEFAULT '0',
  `flags` int unsigned NOT NULL DEFAULT '0',
  `closed` datetime DEFAULT NULL,
  `lastupdate` datetime DEFAULT NULL,
  `created` datetime NOT NULL,
  `updated` datetime DEFAULT NULL,
  PRIMARY KEY (`ticket_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `ost_ticket` VALUES (8,NULL,'400008',3,2,0,0,'2024-04-02 08:00:00','2024-04-02 08:00:00','2024-04-01 08:00:00','2024-04-02 08:00:00'),(10,8,'400010',3,1,0,0,NULL,NULL,'2024-04-03 08:00:00',NULL);

CREATE TABLE `ost_user` (
  `id` int unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(128) NOT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
INSERT INTO `ost_user` VALUES (3,'Ana Ruiz');
