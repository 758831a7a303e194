package io.sluice.orchestrator.plan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Scanner;
import java.util.stream.IntStream;

/**
 * One instance of the machine reassignment problem of the ROADEF/EURO challenge 2012, with its own reckoning of what may be:
 * capacity, conflict, spread, dependency. Transient resources count on both ends of a move; a machine that is emptied gets
 * nothing, so they make no difference to where its processes may go.
 *
 * @param assignment the machine of each process
 */
@SuppressWarnings("ArrayRecordComponent") // tens of thousands of small vectors, never compared
record Roadef(String name, List<Machine> machines, List<Service> services, List<Item> processes, int[] assignment) {

    record Machine(int neighbourhood, int location, long[] capacities) {}

    record Service(int spread, int[] dependencies) {}

    record Item(int service, long[] requirements) {}

    /** Reads {@code model_NAME.txt} and {@code assignment_NAME.sol}. */
    static Roadef read(Path folder, String name) {
        try (Scanner model = new Scanner(folder.resolve("model_" + name + ".txt"), StandardCharsets.US_ASCII);
                Scanner solution =
                        new Scanner(folder.resolve("assignment_" + name + ".sol"), StandardCharsets.US_ASCII)) {
            int resources = model.nextInt();
            skip(model, 2 * resources);
            List<Machine> machines = new ArrayList<>();
            int count = model.nextInt();
            for (int i = 0; i < count; i++) {
                machines.add(new Machine(model.nextInt(), model.nextInt(), longs(model, resources)));
                // safety capacities and move costs
                skip(model, resources + count);
            }
            List<Service> services = new ArrayList<>();
            for (int i = model.nextInt(); i > 0; i--) {
                int spread = model.nextInt();
                services.add(new Service(spread, ints(model, model.nextInt())));
            }
            List<Item> processes = new ArrayList<>();
            for (int i = model.nextInt(); i > 0; i--) {
                processes.add(new Item(model.nextInt(), longs(model, resources)));
                skip(model, 1);
            }
            return new Roadef(name, machines, services, processes, ints(solution, processes.size()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read instance " + name + " in " + folder, e);
        }
    }

    static List<String> names(Path folder) {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith("model_") && file.endsWith(".txt"))
                    .map(file -> file.substring("model_".length(), file.length() - ".txt".length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private static void skip(Scanner scanner, int numbers) {
        for (int i = 0; i < numbers; i++) {
            scanner.nextLong();
        }
    }

    private static long[] longs(Scanner scanner, int count) {
        long[] values = new long[count];
        Arrays.setAll(values, i -> scanner.nextLong());
        return values;
    }

    private static int[] ints(Scanner scanner, int count) {
        int[] values = new int[count];
        Arrays.setAll(values, i -> scanner.nextInt());
        return values;
    }

    int resources() {
        return machines.getFirst().capacities().length;
    }

    List<Integer> on(int machine) {
        return IntStream.range(0, assignment.length)
                .filter(process -> assignment[process] == machine)
                .boxed()
                .toList();
    }

    Books books() {
        return new Books(assignment.clone());
    }

    /** For each service those that depend on it. */
    private List<List<Integer>> dependents() {
        List<List<Integer>> dependents = new ArrayList<>();
        services.forEach(service -> dependents.add(new ArrayList<>()));
        for (int service = 0; service < services.size(); service++) {
            for (int other : services.get(service).dependencies()) {
                dependents.get(other).add(service);
            }
        }
        return dependents;
    }

    /** Who is where, as processes move; the rules asked of every single move. */
    final class Books {
        private final int[] where;
        private final long[][] free;
        private final int[][] onMachine;
        private final int[][] inLocation;
        private final int[][] inNeighbourhood;
        private final List<List<Integer>> dependents;

        Books(int[] where) {
            this.where = where;
            free = new long[machines.size()][];
            Arrays.setAll(free, i -> machines.get(i).capacities().clone());
            onMachine = new int[services.size()][machines.size()];
            inLocation = new int[services.size()]
                    [1 + machines.stream().mapToInt(Machine::location).max().orElse(0)];
            inNeighbourhood = new int[services.size()]
                    [1
                            + machines.stream()
                                    .mapToInt(Machine::neighbourhood)
                                    .max()
                                    .orElse(0)];
            dependents = dependents();
            IntStream.range(0, where.length).forEach(process -> count(process, where[process], 1));
        }

        private void count(int process, int machine, int by) {
            int service = processes.get(process).service();
            onMachine[service][machine] += by;
            inLocation[service][machines.get(machine).location()] += by;
            inNeighbourhood[service][machines.get(machine).neighbourhood()] += by;
            for (int r = 0; r < free[machine].length; r++) {
                free[machine][r] -= by * processes.get(process).requirements()[r];
            }
        }

        void move(int process, int to) {
            count(process, where[process], -1);
            where[process] = to;
            count(process, to, 1);
        }

        /** Whether it could go there if everything else on its machine were gone. */
        boolean allowsAlone(int process, int to) {
            int machine = where[process];
            List<Integer> there = on(machine);
            there.forEach(other -> count(other, machine, -1));
            int service = processes.get(process).service();
            boolean room = hasRoom(process, to) && onMachine[service][to] == 0;
            count(process, to, 1);
            boolean sound = keepsSpread(service)
                    && has(service, machines.get(to).neighbourhood())
                    && dependentsAreServed(service, machines.get(machine).neighbourhood());
            count(process, to, -1);
            there.forEach(other -> count(other, machine, 1));
            return room && sound;
        }

        List<Integer> moved() {
            return IntStream.range(0, where.length)
                    .filter(process -> where[process] != assignment[process])
                    .boxed()
                    .toList();
        }

        long free(int machine, int resource) {
            return free[machine][resource];
        }

        boolean hasRoom(int process, int to) {
            return IntStream.range(0, resources())
                    .allMatch(r -> free[to][r] >= processes.get(process).requirements()[r]);
        }

        /** Whether this move breaks nothing. */
        boolean allows(int process, int to) {
            int service = processes.get(process).service();
            if (!hasRoom(process, to) || onMachine[service][to] > 0) {
                return false;
            }
            int from = where[process];
            move(process, to);
            boolean sound = keepsSpread(service)
                    && has(service, machines.get(to).neighbourhood())
                    && dependentsAreServed(service, machines.get(from).neighbourhood());
            move(process, from);
            return sound;
        }

        private boolean keepsSpread(int service) {
            return IntStream.of(inLocation[service]).filter(count -> count > 0).count()
                    >= services.get(service).spread();
        }

        private boolean has(int service, int neighbourhood) {
            return IntStream.of(services.get(service).dependencies())
                    .allMatch(other -> inNeighbourhood[other][neighbourhood] > 0);
        }

        private boolean dependentsAreServed(int service, int neighbourhood) {
            return inNeighbourhood[service][neighbourhood] > 0
                    || dependents.get(service).stream().noneMatch(other -> inNeighbourhood[other][neighbourhood] > 0);
        }

        /** What is wrong with the assignment as a whole; empty when it keeps every rule. */
        List<String> violations() {
            List<String> violations = new ArrayList<>();
            for (int machine = 0; machine < machines.size(); machine++) {
                for (int r = 0; r < resources(); r++) {
                    if (free[machine][r] < 0) {
                        violations.add("machine " + machine + " has too little of resource " + r);
                    }
                }
            }
            for (int service = 0; service < services.size(); service++) {
                if (IntStream.of(onMachine[service]).anyMatch(count -> count > 1)) {
                    violations.add("two processes of service " + service + " on one machine");
                }
                if (!keepsSpread(service)) {
                    violations.add("service " + service + " stands in too few locations");
                }
                for (int neighbourhood = 0; neighbourhood < inNeighbourhood[service].length; neighbourhood++) {
                    if (inNeighbourhood[service][neighbourhood] > 0 && !has(service, neighbourhood)) {
                        violations.add("service " + service + " misses what it depends on in " + neighbourhood);
                    }
                }
            }
            return violations;
        }
    }
}
