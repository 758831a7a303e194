package io.sluice.orchestrator.web.dashboard;

import java.util.Comparator;
import java.util.List;

/**
 * So many of a long list as one page shows. A list that one page holds comes in its own order; of a longer one those come first that want
 * to be seen.
 *
 * @param number of the page, counted from 1
 * @param first number of the first one on it, counted from 1
 * @param total how many there are on all pages
 */
public record ShownPage<T>(List<T> shown, int number, int pages, int first, int total) {
    static final int SIZE = 50;

    public ShownPage {
        shown = List.copyOf(shown);
    }

    /** The page of this number, or the nearest there is. */
    static <T> ShownPage<T> of(List<T> all, int wanted, Comparator<T> order) {
        int pages = Math.max(1, (all.size() + SIZE - 1) / SIZE);
        int number = Math.clamp(wanted, 1, pages);
        int from = (number - 1) * SIZE;
        List<T> ordered = pages == 1 ? all : all.stream().sorted(order).toList();
        return new ShownPage<>(
                ordered.subList(from, Math.min(all.size(), from + SIZE)), number, pages, from + 1, all.size());
    }

    public int last() {
        return first + shown.size() - 1;
    }
}
