package io.sluice.orchestrator.simulation;

import io.sluice.orchestrator.migration.Migration;
import io.sluice.orchestrator.migration.Transition;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Writes down what happens: the last of it for who must understand a failure, all of it on request, counts for tables. */
final class Chronicle {
    private static final int REMEMBERED = 80;

    private final Timeline timeline;
    private final Consumer<String> reader;
    private final Statistics statistics = new Statistics();
    private final Deque<String> last = new ArrayDeque<>();
    private long digest = 17;

    /** Each line goes to the reader too. */
    Chronicle(Timeline timeline, Consumer<String> reader) {
        this.timeline = timeline;
        this.reader = reader;
    }

    void event(String name) {
        statistics.event();
        write(timeline.elapsedMillis() + " ms " + name);
    }

    /** What happens all the time and is not worth a line. */
    void routine() {
        statistics.event();
    }

    void tell(String what) {
        write("     " + what);
    }

    void fault(Fault fault, String about) {
        statistics.fault(fault);
        write("   ! " + fault + " " + about);
    }

    void moved(Transition transition, Migration after) {
        statistics.entered(transition.from().state().title(), after.state().title());
        tell(after.id() + " of " + after.cargo().name() + " " + after.source() + " > " + after.destination() + ": "
                + transition.from().state() + " > " + after.state()
                + (transition.why() == null
                        ? ""
                        : " because " + transition.why().code()));
    }

    private void write(String line) {
        digest = digest * 31 + line.hashCode();
        last.addLast(line);
        if (last.size() > REMEMBERED) {
            last.removeFirst();
        }
        reader.accept(line);
    }

    /** The same for the same story, in every run of every virtual machine. */
    long digest() {
        return digest;
    }

    Statistics statistics() {
        return statistics;
    }

    List<String> last() {
        return List.copyOf(last);
    }
}
