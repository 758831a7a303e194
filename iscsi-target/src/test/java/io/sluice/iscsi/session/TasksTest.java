package io.sluice.iscsi.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.iscsi.pdu.CommandFlags;
import io.sluice.iscsi.pdu.CommandRequest;
import io.sluice.iscsi.pdu.Pdu;
import io.sluice.iscsi.pdu.RequestNumbers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TasksTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void isAMapInOrderOfArrivalWhateverHappens(long seed) {
        Random random = new Random(seed);
        Map<TaskId, Task> model = new LinkedHashMap<>();
        Tasks tasks = Tasks.NONE;
        long nextId = 1;
        for (int step = 0; step < 2000; step++) {
            Tasks before = tasks;
            List<Task> then = list(before);
            if (random.nextInt(100) < 45) {
                Task task = task(nextId++, random);
                tasks = tasks.with(task);
                model.put(task.id(), task);
            } else {
                TaskId id = new TaskId(nextId - random.nextInt(40));
                Task known = model.get(id);
                if (known != null && random.nextBoolean()) {
                    Task changed = known.in(new Task.Stage.Executing(0));
                    tasks = tasks.with(changed);
                    model.put(id, changed);
                } else {
                    tasks = tasks.without(id);
                    model.remove(id);
                }
            }
            assertThat(list(before)).as("immutable").isEqualTo(then);
            assertSame(tasks, model, nextId);
        }
    }

    private static void assertSame(Tasks tasks, Map<TaskId, Task> model, long nextId) {
        assertThat(list(tasks)).isEqualTo(new ArrayList<>(model.values()));
        assertThat(tasks.size()).isEqualTo(model.size());
        assertThat(tasks.find(new TaskId(nextId))).isNull();
        model.forEach((id, task) -> assertThat(tasks.find(id)).isSameAs(task));
        assertThat(tasks.ordered()).isEqualTo((int) model.values().stream()
                .filter(task -> !task.request().flags().immediate())
                .count());
        assertThat(tasks.anyWaiting())
                .isEqualTo(model.values().stream().anyMatch(task -> task.stage() instanceof Task.Stage.Waiting));
    }

    private static List<Task> list(Tasks tasks) {
        List<Task> list = new ArrayList<>();
        tasks.forEach(list::add);
        return list;
    }

    private static Task task(long id, Random random) {
        CommandFlags flags = new CommandFlags(random.nextInt(4) == 0, true, true, false, 1);
        CommandRequest request =
                new CommandRequest(flags, 0, (int) id, 512, new RequestNumbers(1, 1), Pdu.NO_DATA, Pdu.NO_DATA);
        Task.Stage stage = random.nextBoolean() ? new Task.Stage.Waiting(Pdu.NO_DATA) : new Task.Stage.Delivering();
        return new Task(new TaskId(id), request, stage, false);
    }
}
