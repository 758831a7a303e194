package io.sluice.iscsi.netty;

import io.sluice.iscsi.block.BlockDevice;
import io.sluice.iscsi.login.Admission;
import io.sluice.iscsi.login.ChapCredentials;
import io.sluice.iscsi.login.OpenSession;
import io.sluice.iscsi.login.TargetDirectory;
import io.sluice.iscsi.pace.Pacer;
import io.sluice.iscsi.pace.Rate;
import io.sluice.iscsi.pdu.Isid;
import io.sluice.iscsi.scsi.ReservationStore;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The targets of a server, by name. */
final class Targets implements TargetDirectory {
    private static final Logger LOG = LoggerFactory.getLogger(Targets.class);

    private final Map<String, ServedTarget> targets = new ConcurrentHashMap<>();
    private final Pacer pacer;
    private final ReservationStore reservations;
    private final int sessionsPerTarget;
    private final Duration patience;
    private final Duration quiesce;

    Targets(Pacer pacer, ReservationStore reservations, int sessionsPerTarget, Duration patience, Duration quiesce) {
        this.pacer = pacer;
        this.reservations = reservations;
        this.sessionsPerTarget = sessionsPerTarget;
        this.patience = patience;
        this.quiesce = quiesce;
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
                if (targets.putIfAbsent(
                                definition.name(),
                                new ServedTarget(definition, pacer.share(definition.rate()), patience, reservations))
                        == null) {
                    return;
                }
            } else if (!there.closed() && there.definition().equalsButForRate(definition)) {
                // whatever it was first: it may have been changed since
                there.share().change(definition.rate());
                return;
            } else {
                withdraw(definition.name());
            }
        }
    }

    void withdraw(String name) {
        ServedTarget target = targets.get(name);
        if (target != null) {
            target.close(quiesce);
            targets.remove(name, target);
        }
    }

    void swap(String name, int lun, BlockDevice device) {
        served(name).swap(lun, device, quiesce);
    }

    void limit(String name, Rate rate) {
        served(name).share().change(rate);
    }

    private ServedTarget served(String name) {
        ServedTarget target = find(name);
        if (target == null) {
            throw new IllegalArgumentException("no target " + name + " is served here");
        }
        return target;
    }

    /** All of them, as far as they can be: one with a disk that hangs does not keep the others. */
    void withdrawAll() {
        for (String name : List.copyOf(targets.keySet())) {
            try {
                withdraw(name);
            } catch (TargetBusyException e) {
                LOG.warn("target left behind: {}", e.getMessage());
            }
        }
    }

    /** The targets an initiator can log in to with what it has proven, in order of their names. */
    List<String> visibleTo(String initiator, @Nullable ChapCredentials proven) {
        return admitting(initiator)
                .filter(definition -> {
                    ChapCredentials wanted = definition.admission().chap();
                    return wanted == null || (proven != null && wanted.equals(proven));
                })
                .map(TargetDefinition::name)
                .toList();
    }

    @Override
    public Admission discovery(String initiatorName, @Nullable String user) {
        List<Admission> proving = admitting(initiatorName)
                .map(TargetDefinition::admission)
                .filter(admission -> admission.chap() != null)
                .toList();
        return proving.stream()
                .filter(admission ->
                        admission.chap() != null && admission.chap().user().equals(user))
                .findFirst()
                .orElse(proving.isEmpty() ? Admission.ANYONE : proving.getFirst());
    }

    private Stream<TargetDefinition> admitting(String initiator) {
        return targets.values().stream()
                .filter(target -> !target.closed())
                .map(ServedTarget::definition)
                .filter(definition -> definition.admission().admits(initiator))
                .sorted(Comparator.comparing(TargetDefinition::name));
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
    public @Nullable OpenSession session(String targetName, String initiatorName, Isid isid) {
        ServedTarget target = find(targetName);
        return target == null ? null : target.session(initiatorName, isid);
    }

    @Override
    public boolean hasRoom(String targetName, String initiatorName) {
        ServedTarget target = find(targetName);
        return target != null && target.hasRoom(initiatorName, sessionsPerTarget);
    }
}
