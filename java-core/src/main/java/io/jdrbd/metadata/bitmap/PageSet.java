package io.jdrbd.metadata.bitmap;

import java.util.Arrays;

/** A set of page numbers that costs one bit each and counts itself. */
final class PageSet {
  /** What {@link #next} answers where no page follows. */
  static final int NO_PAGE = -1;

  private long[] words;
  private int pages;
  private int size;

  PageSet(int pages) {
    this.words = new long[Math.ceilDiv(pages, Long.SIZE)];
    this.pages = pages;
  }

  boolean isEmpty() {
    return size == 0;
  }

  boolean has(int page) {
    return page < pages && (words[page / Long.SIZE] >>> page & 1) != 0;
  }

  /** Pages behind the end are passed over: whoever still has one in hand finds it gone. */
  void add(int page) {
    if (page < pages && !has(page)) {
      size++;
      words[page / Long.SIZE] |= 1L << page;
    }
  }

  void remove(int page) {
    if (has(page)) {
      size--;
      words[page / Long.SIZE] &= ~(1L << page);
    }
  }

  void clear() {
    Arrays.fill(words, 0);
    size = 0;
  }

  void addAll() {
    for (int page = 0; page < pages; page++) {
      add(page);
    }
  }

  /** The first page in the set from {@code from} on, or {@link #NO_PAGE}. */
  int next(int from) {
    if (size == 0 || from >= pages) {
      return NO_PAGE;
    }
    int index = from / Long.SIZE;
    long word = words[index] & -1L << from;
    while (word == 0) {
      index++;
      if (index == words.length) {
        return NO_PAGE;
      }
      word = words[index];
    }
    return index * Long.SIZE + Long.numberOfTrailingZeros(word);
  }

  void resize(int newPages) {
    for (int page = newPages; page < pages; page++) {
      remove(page);
    }
    words = Arrays.copyOf(words, Math.ceilDiv(newPages, Long.SIZE));
    pages = newPages;
  }
}
