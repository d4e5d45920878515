"""Common given and family names by language, from which invented people are put together. Pure lists."""

GIVENS: dict[str, tuple[str, ...]] = {
    tongue: tuple(names.split())
    for tongue, names in {
        "nordic": "Astrid Björn Eirik Elin Freja Gunnar Håkon Ida Ingrid Jonas Kari Lars Linnea Magnus Maja "
        "Nils Olav Ragnhild Signe Sigrid Sindre Solveig Sven Tora Tuva Øyvind Åse Åsmund",
        "german": "Anke Bernd Carolin Dieter Elke Florian Greta Heike Ingo Jörg Jürgen Käthe Katrin Lena Lukas "
        "Marlene Matthias Nadine Otto Petra Rainer Sabine Stefan Tobias Uwe Ute Volker Wiebke",
        "english": "Alice Ben Caitlin Callum Daniel Eleanor Emma Fergus George Hannah Harriet Isaac James Kate "
        "Liam Lucy Megan Nathan Oliver Owen Poppy Rhys Ruth Samuel Sian Tom Victoria William",
        "polish": "Agnieszka Andrzej Bartosz Beata Dariusz Dorota Ewa Grzegorz Iwona Jacek Jadwiga Kamil "
        "Katarzyna Łukasz Magdalena Małgorzata Marek Michał Paweł Piotr Rafał Stanisław Tomasz Zofia",
        "baltic": "Aistė Andris Dainis Eglė Elīna Gintaras Ieva Inga Jānis Jurgis Kaspars Laima Liina Mantas "
        "Märt Mindaugas Piret Raimonds Rasa Rūta Tõnu Toomas Urmas Vilma Žydrūnas",
        "turkish": "Ahmet Aslı Ayşe Barış Burak Büşra Can Cemre Deniz Elif Emre Esra Fatma Gökhan Hakan Işıl "
        "Kemal Leyla Mehmet Meltem Onur Özge Selin Serkan Şule Tolga Yusuf Zeynep",
        "french": "Adèle Antoine Aurélie Benoît Camille Céline Clément Élodie Émile Étienne Fanny Gaëlle Hugo "
        "Inès Jérôme Julien Léa Loïc Manon Mathieu Nathalie Noémie Olivier Pauline Rémi Sandrine Théo Yannick",
        "spanish": "Adrián Alba Álvaro Begoña Carmen César Cristina Diego Elena Esteban Gonzalo Inés Íñigo "
        "Javier Joaquín Lucía Manuel Marta Nerea Óscar Pilar Raúl Rocío Sergio Sofía Teresa Tomás Ximena",
        "italian": "Alessandra Andrea Bianca Carlo Chiara Dario Elisa Fabio Federica Giacomo Giulia Ilaria "
        "Lorenzo Luca Marco Matteo Nicolò Paola Pietro Riccardo Rosa Sara Silvia Stefano Valeria Vittorio",
        "portuguese": "Afonso Ana André Beatriz Bruno Catarina Duarte Filipa Francisco Gonçalo Helena Inês "
        "Joana João Leonor Luís Mafalda Marta Miguel Nuno Patrícia Rita Rui Sofia Tiago Vasco",
        "arabic": "Ahmad Amal Amina Bilal Dalia Faris Farah Hadi Hala Hassan Huda Ibrahim Jamal Karim Khalid "
        "Layla Lina Mariam Nadia Nour Omar Rania Salim Samira Tarek Yasmin Youssef Zaid",
        "greek": "Alexandros Anna Dimitra Dimitris Eleni Foteini Giorgos Ioanna Katerina Konstantinos Kostas "
        "Maria Michalis Nikos Panagiotis Petros Sofia Spyros Stavros Thanos Vasiliki Vasilis Yannis Zoe",
    }.items()
}
FAMILIES: dict[str, tuple[str, ...]] = {
    tongue: tuple(names.split())
    for tongue, names in {
        "nordic": "Aalto Berg Bjerke Dahl Ekström Eriksen Fjeld Granlund Haugen Holm Højgaard Isaksen "
        "Johansen Kvist Lindqvist Lund Moen Nygård Nyström Østby Rasmussen Sandvik Sjöberg Solberg Strand "
        "Sørensen Tveit Ulven Vik Wallin Åkerman",
        "german": "Albrecht Baumann Böhm Brandt Dietrich Ebert Fuchs Graf Günther Hartmann Heinrich Jäger "
        "Kaiser Köhler Krämer Lange Lorenz Möller Neumann Oswald Pfeiffer Richter Sauer Schröder Seidel "
        "Thiele Ullmann Vogt Weiß Winkler Ziegler",
        "english": "Ashdown Bradshaw Chapman Davenport Ellison Fairchild Grant Hargreave Holloway Irwin Jarvis "
        "Kendall Langley Marsden Nolan O’Connell Pemberton Quigley Radcliffe Sheldon Thornton Underwood "
        "Vaughan Whitaker Yardley",
        "polish": "Adamczyk Baran Cieślak Dąbek Gajda Głowacki Górski Jasiński Kaczmarek Kołodziej Krawczyk "
        "Lis Majewski Malinowski Nowicki Olszak Pająk Rutkowska Sikora Sobczak Szulc Urban Wójtowicz "
        "Zając Żak",
        "baltic": "Balodis Bērziņš Eglītis Jankauskas Kalniņš Kask Kazlauskas Kukk Lepik Liepiņa Mägi Norkus "
        "Ozols Paulauskas Petraitis Rebane Saar Sepp Stankus Tamm Urbonas Vītols Žukauskas",
        "turkish": "Acar Akın Aydın Bozkurt Çelik Çetin Demirel Doğan Ergün Güneş İnan Kaplan Keskin Koçak "
        "Özkan Polat Sağlam Şahin Tekin Turan Uçar Ünal Yalçın Yıldırım",
        "french": "Aubert Baudry Besson Carpentier Chevalier Delacroix Dumas Fontaine Gaillard Garnier Hébert "
        "Jacquet Lacombe Lefèvre Legrand Marchand Mercier Noël Perrin Picard Renaud Rousseau Sauvage "
        "Tessier Vasseur Voisin",
        "spanish": "Aguilar Arroyo Benítez Cabrera Castaño Delgado Escudero Fuentes Gallego Herrera Ibáñez "
        "Lozano Márquez Medina Muñoz Navarro Ortega Peña Quintana Redondo Salazar Serrano Toledo Vega "
        "Zamora",
        "italian": "Amato Barbieri Basile Caruso Cattaneo Conti D’Angelo De Santis Fabbri Ferrara Galli Grassi "
        "Leone Lombardi Marchetti Martini Negri Orlando Pellegrini Riva Sala Serra Testa Valentini Vitale",
        "portuguese": "Almeida Azevedo Barbosa Cardoso Carvalho Coelho Cunha Esteves Figueiredo Fonseca "
        "Gaspar Leitão Lourenço Magalhães Marques Moreira Neves Nogueira Pacheco Pinto Ramos Simões Teixeira "
        "Vieira",
        "arabic": "Abboud Al-Amin Asmar Aziz Bakri Barakat Darwish Fadel Fakhoury Ghanem Haddad Hamdan "
        "Jabbour Kanaan Khoury Mansour Masri Najjar Nassar Rahal Saleh Shaheen Tawil Zahra",
        "greek": "Alexiou Angelis Antoniou Christou Dimas Economou Fotiou Galanis Ioannou Kalogeras Karras "
        "Kyriakou Lekkas Makris Manolis Nikolaou Panagos Pappas Raptis Samaras Sideris Stathis Vlachos Zervas",
    }.items()
}
