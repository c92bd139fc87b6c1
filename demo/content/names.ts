interface Names {
  first: readonly string[]
  last: readonly string[]
}

/** Names that belong together: people are made within one row. */
export const rows: readonly Names[] = [
  row('Jonas Klara Emil Frieda Matthias Antje Björn Käthe', 'Brandt Möller Schäfer Vogel Krüger Lehmann Pfeiffer Jäger'),
  row('Amara Chidi Ngozi Emeka Ifeoma Tunde Folake Kelechi', 'Okafor Adeyemi Nwosu Balogun Eze Obi Afolabi Onyeka'),
  row('Camille Théo Élodie Rémi Manon Gaël Noémie Benoît', 'Lefèvre Girard Mercier Béranger Roussel Chevalier Fournier Perrin'),
  row('Lucía Mateo Inés Joaquín Ximena Andrés Belén Íñigo', 'Ibáñez Quiroga Muñoz Peña Cárdenas Salazar Núñez Ríos'),
  row('Priya Arjun Meera Rohan Kavya Vikram Ananya Sanjay', 'Iyer Banerjee Deshpande Nair Kulkarni Reddy Chatterjee Menon'),
  row('Ayşe Emre Zeynep Çağlar Elif Kerem Gülsüm Ozan', 'Yılmaz Demir Şahin Öztürk Aydın Koç Güneş Kaplan'),
  row('Linh Minh Thảo Quân Hương Tuấn Mai Đức', 'Nguyễn Trần Phạm Lê Võ Đặng Bùi Hồ'),
  row('Freya Anders Signe Håkon Astrid Jørgen Maja Søren', 'Lindqvist Halvorsen Østergaard Bergström Nygård Kjær Sandvik Åkesson'),
  row('Fatima Youssef Salma Karim Leila Omar Yasmin Tarek', 'Haddad Mansour Benali Farouk Khoury Saleh Najjar Aziz'),
  row('Sofia Tiago Inês João Beatriz Rui Marisa Gonçalo', 'Carvalho Guimarães Brandão Teixeira Simões Leitão Araújo Falcão'),
  row('Grace Callum Niamh Owen Imogen Rhys Aoife Desmond', 'Whitcombe MacAllister Brennan Pritchard Okonedo Ashworth Gallagher Thorne'),
  row('Chiara Lorenzo Giulia Davide Ilaria Pietro Noemi Niccolò', 'Ferrari Bianchi Moretti Conti Galli Fontana Rinaldi Serra'),
  row('Yuki Haruto Sakura Ren Naoko Kenji Aiko Daichi', 'Nakamura Fujii Kobayashi Ishikawa Mori Okada Hayashi Ueno'),
  row('Katalin Bence Zsófia Bálint Réka Márton Eszter Gergő', 'Szabó Tóth Fekete Horváth Kiss Németh Varga Molnár'),
]

/** People who write their names in another script than the platform's own. */
export const wholeNames: readonly string[] = [
  'Ελένη Παπαδάκη',
  '佐藤 美咲',
  'Олена Шевченко',
  'نورا الخطيب',
  '김서연',
  'Γιώργος Αντωνίου',
  '陈立群',
  'Никола Петров',
  'नेहा शर्मा',
]

function row(first: string, last: string): Names {
  return { first: first.split(' '), last: last.split(' ') }
}
