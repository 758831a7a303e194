package io.sluice.iscsi.netty;

import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.login.TargetDirectory;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The targets of a server, by name. */
final class Targets implements TargetDirectory {

    private final Map<String, ServedTarget> targets = new ConcurrentHashMap<>();
    private final int sessionsPerTarget;

    Targets(int sessionsPerTarget) {
        this.sessionsPerTarget = sessionsPerTarget;
    }

    /** The target of a name, null if there is none or it is on its way out. */
    @Nullable
    ServedTarget find(String name) {
        ServedTarget target = targets.get(name);
        return target == null || target.closed() ? null : target;
    }

    void serve(TargetDefinition definition) {
        while (true) {
            ServedTarget there = targets.get(definition.name());
            if (there == null) {
                if (targets.putIfAbsent(definition.name(), new ServedTarget(definition)) == null) {
                    return;
                }
            } else if (!there.closed() && there.definition().equals(definition)) {
                return;
            } else if (!there.closed() && there.definition().equalsButForRate(definition)) {
                there.rate().change(definition.bytesPerSecond());
                return;
            } else {
                withdraw(definition.name());
            }
        }
    }

    void withdraw(String name) {
        ServedTarget target = targets.get(name);
        if (target != null) {
            target.close();
            targets.remove(name, target);
        }
    }

    void withdrawAll() {
        List.copyOf(targets.keySet()).forEach(this::withdraw);
    }

    /** The targets that admit an initiator, in order of their names. */
    List<String> visibleTo(String initiator) {
        return targets.values().stream()
                .filter(target ->
                        !target.closed() && target.definition().admission().admits(initiator))
                .map(target -> target.definition().name())
                .sorted()
                .toList();
    }

    List<TargetStatus> status() {
        return targets.values().stream()
                .filter(target -> !target.closed())
                .map(ServedTarget::status)
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
    }

    @Override
    public @Nullable Admission admission(String targetName) {
        ServedTarget target = find(targetName);
        return target == null ? null : target.definition().admission();
    }

    @Override
    public boolean hasRoom(String targetName, String initiatorName) {
        ServedTarget target = find(targetName);
        return target != null && target.hasRoom(initiatorName, sessionsPerTarget);
    }
}
