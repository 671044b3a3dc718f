// The words of more.ts.

const en = {
  suggestions: 'This may answer it',
  hide: 'Hide',
  read: 'Read the article',
  up: 'This answer helped',
  down: 'This answer did not help',
  thanks: 'Thank you.',
  sorry: 'Sorry. You can talk to a person at any time.',
  failed: 'Not sent. Please try again.',
};

const ar: typeof en = {
  suggestions: 'قد تجد الجواب هنا',
  hide: 'إخفاء',
  read: 'اقرأ المقالة',
  up: 'أفادتني هذه الإجابة',
  down: 'لم تفدني هذه الإجابة',
  thanks: 'شكرًا لك.',
  sorry: 'نأسف لذلك. يمكنك التحدث إلى أحد موظفينا متى شئت.',
  failed: 'لم يُرسل. حاول مرة أخرى من فضلك.',
};

export function moreWords(language: string): typeof en {
  return language === 'ar' ? ar : en;
}
