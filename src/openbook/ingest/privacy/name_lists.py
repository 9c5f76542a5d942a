"""Names that many people bear, and words that stand where names stand but are none.

The lists are short on purpose: they say that a capitalised word is a person's name where nothing else does. Names
that are also words, months, places or products ("Will", "May", "Paris", "Ruby") are only in `AMBIGUOUS`. Names that
are common in other parts of the world than these lists' writers know best are missed.
"""

_FIRST_NAMES = """
Aaron Abigail Adam Adrian Adriana Agnes Agnieszka Ahmed Ahmet Aidan Aisha Alan Alana Albert Alberto Alejandra
Alejandro Aleksandr Aleksandra Alessandra Alessandro Alessia Alex Alexander Alexandra Alexandre Alexey Alexis Alfonso
Alfred Alfredo Ali Alice Alicia Alina Alison Allan Allison Alma Alvaro Amanda Amelia Amelie Amir Amit Amy Ana
Anastasia Anders Andre Andrea Andreas Andrei Andres Andrew Andrey Andrzej Andy Angela Angelica Angelika Angelina
Angelo Anika Anil Anita Anja Anke Ann Anna Annabelle Anne Annette Annie Annika Anouk Anthony Antje Anton Antoine
Antonia Antonio Antonella Anya Arianna Armando Arne Arnold Arthur Arturo Arun Asha Ashley Astrid Audrey Aurelie Axel
Ayesha Ayşe Barbara Bartosz Bastian Beata Beate Beatrice Beatriz Ben Benedikt Benjamin Benoit Bernadette Bernard Bernd
Bernhard Bertrand Beth Bettina Birgit Birgitta Björn Bob Bogdan Boris Brandon Brenda Brian Bridget Brigitte Britta
Bruce Bruno Bryan Camila Camille Carina Carl Carla Carlo Carlos Carlotta Carmen Caroline Carolin Carolyn Carsten
Catalina Catarina Catherine Cecilia Cecile Cedric Celia Chandra Chantal Charles Charlie Cheryl Chiara Chloe Chloé
Chris Christa Christel Christiane Christina Christine Christoph Christophe Christopher Cindy Clara Clarissa Claudia
Claudio Claus Clemens Clement Clementine Colin Connor Conrad Constance Cornelia Corinna Corinne Craig Cristian
Cristina Curtis Cynthia Cyril Dagmar Damian Damien Dan Dana Daniel Daniela Danielle Danny Dario Dariusz Darren Dave
David Davide Dean Debbie Deborah Deepak Denis Denise Dennis Derek Detlef Diana Diane Didier Diego Dieter Dimitri Dirk
Dmitri Dmitry Dominic Dominik Dominique Donald Donna Doreen Doris Dorothea Dorothy Doug Douglas Dylan Ebba Eddie Edgar
Edith Eduardo Edward Edwin Eileen Ekaterina Elaine Elena Eleanor Eleonora Elias Elif Elin Elisa Elisabeth Elise
Elizabeth Elke Ella Ellen Elliot Elsa Emanuel Emil Emilia Emilie Emilio Emily Emine Emma Emmanuel Enrico Enrique Eric
Erica Erich Erik Erika Erin Ernest Ernesto Ernst Erwin Esteban Esther Ethan Etienne Eugene Eugenia Eva Evelyn Ewa Ewan
Fabian Fabien Fabio Fabiola Fatima Fatma Federica Federico Felicia Felicity Felipe Felix Ferdinand Fernanda Fernando
Filip Fiona Flavio Florian Francesca Francesco Francis Francisca Francisco Franco Francois François Françoise Frank
Franz Franziska Fred Freddie Freddy Frederic Frédéric Frederik Frederick Freja Frida Frieda Friedrich Fritz Gabriel
Gabriela Gabriele Gabriella Gareth Gary Gavin Geoffrey George Georg Georgina Gerald Gerard Gerda Gerhard Gertrud
Gianluca Gilbert Gilles Gina Giorgio Giovanni Gisela Giulia Giuseppe Gloria Gonzalo Gordon Graham Greg Gregor Gregory
Greta Grzegorz Guadalupe Gudrun Guido Guillaume Guillermo Gunnar Günter Günther Gustav Gustavo Hanna Hannah Hannes
Hans Harald Harold Harry Hassan Hasan Heather Hector Heidi Heike Heiko Heinrich Heinz Helen Helena Helene Helga Helmut
Hendrik Henri Henrik Henry Herbert Herman Hermann Hilda Hiroshi Holger Horst Howard Hubert Hugo Hussein Ian Ibrahim
Ida Ignacio Igor Ilse Imran Ina Ines Inga Inge Ingo Ingrid Irene Irina Irma Isaac Isabel Isabella Isabelle Ivan Ivana
Ivo Jacob Jacqueline Jacques Jakob Jakub James Jamie Jan Jana Jane Janet Janice Janine Jasmin Jason Javier Jean Jeanne
Jeff Jeffrey Jelena Jennifer Jenny Jens Jeremy Jerome Jérôme Jerry Jesper Jesse Jessica Jill Jim Jimmy Jiří Joachim
Joan Joana Joanna Joanne João Jochen Joe Joel Johan Johann Johanna Johannes John Johnny Jon Jonas Jonathan Joost Jorge
Jörg José Jose Josef Joseph Josefine Josephine Josh Joshua Joyce Juan Juana Judith Julian Juliane Julie Julien
Juliette Julio Julius Jürgen Justin Justine Justyna Kai Kamil Karen Karin Karina Karl Karla Karolina Karoline Karsten
Kasper Katarina Katarzyna Kate Katharina Katherine Kathleen Kathrin Kathryn Kathy Katie Katja Katrin Kay Keith Kelly
Ken Kenneth Kenji Kerstin Kevin Khaled Kim Kimberly Kirsten Klara Klaus Konrad Konstantin Kristian Kristin Kristina
Kristine Krzysztof Kumar Kurt Kyle Lara Larry Lars Laura Lauren Laurence Laurent Lea Léa Leah Leila Lena Lennart Leo
Leon Leonard Leonardo Leonie Leopold Leslie Lidia Liam Linda Lindsay Lisa Lina Linus Lisbeth Liz Lorenzo Loretta Lori
Lothar Louis Louisa Louise Luc Luca Lucas Lucia Luciano Lucie Lucy Ludwig Luigi Luis Luisa Lukas Lukasz Łukasz Luke
Lutz Lydia Lynn Maciej Magdalena Maik Maja Malgorzata Małgorzata Malin Manfred Manuel Manuela Marc Marcel Marcella
Marcello Marcelo Marcin Marco Marcos Marcus Marek Margaret Margarita Margit Margot Maria María Mariana Marianne Marie
Mariella Marilyn Marina Mario Marion Marisa Marius Marko Markus Marlene Marta Martha Martin Martina Martine Marvin
Mary Mateusz Matej Mathias Mathieu Mathilde Matt Matteo Matthew Matthias Matthieu Maureen Maurice Mauricio Max
Maximilian Maxime Megan Mehmet Meike Melanie Melissa Mercedes Mia Michael Michaela Michal Michał Michel Michele
Michelle Miguel Mihai Mika Mike Mikael Mikkel Mila Milan Milena Miriam Mitchell Mohamed Mohammad Mohammed Moritz
Monica Monika Monique Morten Muhammad Mustafa Nadia Nadine Nadja Naomi Natalia Natalie Natasha Nathalie Nathan
Nathaniel Neil Nele Nelson Nicholas Nick Nicola Nicolas Nicole Nicoletta Niels Nigel Niklas Nikola Nikolai Nikolaus
Nils Nina Noah Noel Noemi Nora Norbert Norman Nuria Olaf Ole Oleg Olena Olga Olivia Olivier Oliver Omar Oscar Oskar
Otto Pablo Pamela Paolo Pascal Pascale Patricia Patrick Patrik Patrizia Paul Paula Paulina Pauline Paulo Pavel Pawel
Paweł Pedro Per Peter Petra Petr Phil Philip Philipp Philippe Phillip Phoebe Pierre Pietro Pilar Piotr Priya Rachel
Rafael Raffaele Rahul Raimund Rainer Rajesh Ralf Ralph Ramon Ramona Randy Raphael Raquel Raul Ravi Raymond Rebecca
Regina Reiner Reinhard Renata Renate René Ricardo Riccardo Richard Rick Ricky Rita Robert Roberta Roberto Rodrigo
Roger Roland Rolf Roman Romain Ron Ronald Rosa Rosalie Rosemary Rosmarie Ross Roxana Roy Rüdiger Rudolf Rupert Russell
Ruth Ryan Sabine Sabrina Sally Salvatore Sam Samantha Samir Samuel Sandra Sandrine Sanjay Sara Sarah Sascha Scott Sean
Sebastian Sébastien Selina Selma Serge Sergei Sergey Sergio Shane Shannon Sharon Sheila Shirley Siegfried Sigrid Silke
Silvia Silvio Simon Simona Simone Sofia Sofie Sonia Sonja Sophia Sophie Stacy Stanislav Stefan Stefanie Stefano
Steffen Steffi Stella Stephan Stephanie Stéphanie Stephen Steve Steven Stuart Sunil Susan Susana Susanna Susanne
Suzanne Svantje Sven Svenja Svetlana Sybille Sylvia Sylvie Takashi Tamara Tanja Tanya Tara Tatiana Tatjana Ted Teresa
Terry Thea Theo Theodor Theodore Theresa Thérèse Thierry Thomas Thorsten Tiffany Till Tilman Tim Timo Timothy Tina
Tobias Todd Tom Tomas Tomáš Tomasz Tommaso Tommy Toni Tony Torsten Tracy Tristan Troy Udo Ulrich Ulrike Ulla Ursula
Ute Uwe Valentina Valeria Valerie Vanessa Vera Verena Veronica Veronika Veronique Victor Vijay Viktor Viktoria Vincent
Vincenzo Viola Virginie Viviane Vivian Vladimir Volker Waltraud Walter Wanda Wendy Werner Wilfried Wilhelm William
Willy Wojciech Wolfgang Xavier Yann Yannick Yasmin Yolanda Yuki Yuri Yusuf Yves Yvette Yvonne Zachary Zainab Zoe Zoé
Zuzana
"""
FIRST_NAMES = frozenset(_FIRST_NAMES.split())
"""First names that are hardly anything else; capitalised."""

_AMBIGUOUS = """
Alexa Amber Angel April Art August Austin Autumn Bill Brad Brook Carol Carolina Chance Charlotte Chase Chelsea Chip
Christian Claude Cliff Crystal Daisy Dakota Dale Dawn Destiny Drew Duke Earl Eden Edge Eve Faith Florence Gale Gene
Georgia Glen Grace Grant Guy Harmony Hazel Heath Holly Hope Hunter Iris Ivy Jack Jackson Jade Jasmine Jay Jenkins
Jewel Jordan Joy Julia June Kelvin Lance Lily Lincoln Logan Mark Mason Madison May Melody Miles Nelly Norm Olive Opal
Paige Paris Pat Pearl Penny Pierce Piper Porter Ray Reed Rich Rob Robin Rose Ruby Sandy Sierra Skip Sky Stan Sterling
Sue Summer Sydney Trinity Tyler Victoria Violet Virginia Wade Ward Wayne Will
"""
AMBIGUOUS = frozenset(_AMBIGUOUS.split())
"""First names that are as often a word, a place or a product: names only before a common surname."""

_SURNAMES = """
Smith Johnson Williams Jones Davis Miller Wilson Moore Taylor Anderson Jackson Harris Martinez Robinson Lewis Allen
Wright Torres Nguyen Hernandez Lopez Gonzalez Gonzales Rodriguez Rodríguez Garcia García Martínez Perez Pérez Sanchez
Sánchez Ramirez Flores Rivera Gomez Gómez Diaz Díaz Reyes Morales Gutierrez Ortiz Ruiz Alvarez Castillo Romero Herrera
Medina Vargas Mendoza Fernandez Fernández Thompson Campbell Mitchell Roberts Phillips Evans Edwards Collins Stewart
Morris Murphy Rogers Peterson Cooper Bailey Kelly Richardson Watson Brooks Bennett Hughes Sanders Patterson Jenkins
Powell Sullivan Russell Simpson Griffin Hamilton Graham Wallace Owens McDonald Harrison Fraser Ferguson O'Brien
O'Connor O'Neill McCarthy Doyle Brennan Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann
Schäfer Koch Bauer Richter Klein Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann Lange Schmitt
Werner Krause Meier Lehmann Schmid Schulze Maier Köhler Herrmann Huber Mayer Gruber Steiner Berger Pichler Keller
Baumann Brunner Frei Gerber Dubois Durand Moreau Laurent Lefebvre Leroy Roux Fournier Girard Bonnet Dupont Lambert
Rousseau Lefèvre Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Silva Santos Oliveira Souza Pereira
Costa Ferreira Almeida Carvalho Ribeiro Jansen Visser Bakker Janssen Mulder Nielsen Jensen Hansen Pedersen Andersen
Christensen Larsen Sørensen Rasmussen Jørgensen Petersen Madsen Johansson Andersson Karlsson Nilsson Eriksson Larsson
Olsson Persson Svensson Gustafsson Johansen Olsen Kristiansen Korhonen Virtanen Nowak Kowalski Kowalska Wiśniewski
Wójcik Kowalczyk Kamiński Novák Svoboda Dvořák Horvat Kovač Kovács Nagy Szabó Tóth Popescu Ionescu Ivanov Ivanova
Petrov Petrova Smirnov Kuznetsov Popov Patel Singh Sharma Gupta Khan Hussain Ahmed Begum Yılmaz Kaya Demir Tanaka
Suzuki Takahashi Watanabe Yamamoto Nakamura Kobayashi Sato
"""
SURNAMES = frozenset(_SURNAMES.split())
"""Surnames that make a person's name of the capitalised word before them."""

_NOT_NAMES = """
a frau herr herrn miss dr prof about account accounts actually add admin administrator after again agent all also am
an and another any anonymous anyone app are as ask at be because before best both but by can click client company
contact could customer customers day dear department desk did do does else email error even every everybody everyone
everything file folder folks for friend friends from get getting good go guys had has have having hello help here hey
hi how however i if in info internet into is it its just kind ladies last later let madam mailbox many me member most
mr mrs ms much my name need never new nice no not nothing now of ok okay old on once one only open or other our out
page phone please problem product question re regards release report same see select sent service session setting
settings several shop since sir sirs so some someone somebody sorry sounds start still store support system tab team
technician tech thank thanks that the their them then there these they thing this those to today together tomorrow too
trying try two under until up update us use user users using valued very version want was we website welcome well were
what when where which while who why will window windows wishes with working world would yes you your yours alle allen
auch auf bei bin bitte danke das dem den der des die ein eine er es für habe hallo herren damen haben ich ihnen ihr im
ist kann kein kunde kundin kundenservice leute liebe lieber man mein mit nach nicht noch oder sehr sich sie sind und
uns viele vielen von vorab vorraus voraus warum wenn wer wie wir wo zu zusammen avance bonjour cordialement équipe le
la les merci messieurs madame monsieur mesdames nous pour pouvez tous toute tout toutes vous buenas buenos cliente de
el equipo en estimado gracias mundo por que señor señora señores soporte todo todos una usted android apple bug chrome
discord edge exchange facebook firefox gmail google ios iphone linux mac microsoft mozilla outlook safari thunderbird
ubuntu wordpress yahoo january february march april may june july august september october november december monday
tuesday wednesday thursday friday saturday sunday
"""
NOT_NAMES = frozenset(_NOT_NAMES.split())
"""Words, folded to small letters, that stand where names stand; those that are also first names are judged by case."""
