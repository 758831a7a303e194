package io.sluice.orchestrator.web.dashboard;

import io.sluice.agent.api.CloneEngine;
import io.sluice.orchestrator.web.EtaView;
import io.sluice.orchestrator.web.MigrationView;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Values as the pages write them; templates call it as {@code words}. Null is unknown and says so. Pure. */
public final class Words {

    static final String UNKNOWN = "unknown";

    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB");
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter FIELD =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    public String bytes(@Nullable Long bytes) {
        if (bytes == null) {
            return UNKNOWN;
        }
        double value = bytes;
        int unit = 0;
        while (value >= 1023.5 && unit < UNITS.size() - 1) {
            value /= 1024;
            unit++;
        }
        boolean whole = unit == 0 || value >= 99.95 || Math.abs(value - Math.rint(value)) < 0.05;
        return String.format(Locale.ROOT, whole ? "%.0f\u00a0%s" : "%.1f\u00a0%s", value, UNITS.get(unit));
    }

    public String rate(@Nullable Long bytesPerSecond) {
        return bytesPerSecond == null ? UNKNOWN : bytes(bytesPerSecond) + "/s";
    }

    public String seconds(@Nullable Long seconds) {
        if (seconds == null) {
            return UNKNOWN;
        }
        if (seconds < 60) {
            return seconds + "\u00a0s";
        }
        if (seconds < 3600) {
            return seconds / 60 + "\u00a0min " + seconds % 60 + "\u00a0s";
        }
        return seconds < 86_400
                ? seconds / 3600 + "\u00a0h " + seconds % 3600 / 60 + "\u00a0min"
                : seconds / 86_400 + "\u00a0d " + seconds % 86_400 / 3600 + "\u00a0h";
    }

    /** A range, or one time where both ends are the same. */
    public String eta(EtaView eta) {
        String least = seconds(eta.minSeconds());
        String most = seconds(eta.maxSeconds());
        if (least.equals(most)) {
            return least;
        }
        if (eta.maxSeconds() == null) {
            return "at least " + least;
        }
        return eta.minSeconds() == null ? "at most " + most : least + " to " + most;
    }

    public String millis(@Nullable Long millis) {
        if (millis == null) {
            return UNKNOWN;
        }
        if (millis < 1000) {
            return millis + "\u00a0ms";
        }
        return millis < 60_000 ? String.format(Locale.ROOT, "%.1f\u00a0s", millis / 1000.0) : seconds(millis / 1000);
    }

    public String count(@Nullable Number count) {
        return count == null ? UNKNOWN : count.toString();
    }

    public String of(@Nullable Number part, @Nullable Number whole) {
        return part == null && whole == null ? UNKNOWN : count(part) + " of " + count(whole);
    }

    /** How much is local; a migration that cannot have copied anything yet says that instead of "unknown". */
    public String hydrated(MigrationView migration) {
        Long local = local(migration);
        if (local == null && migration.stateKind() == MigrationView.StateKind.REVERSIBLE) {
            return bytes(migration.progress().totalBytes()) + ", nothing copied yet";
        }
        return bytes(local) + " of " + bytes(migration.progress().totalBytes());
    }

    public String cores(long millis) {
        return millis % 1000 == 0 ? String.valueOf(millis / 1000) : String.format(Locale.ROOT, "%.1f", millis / 1000.0);
    }

    /** As a browser's {@code datetime-local} field holds it; empty when there is none. */
    public String field(@Nullable Instant at) {
        return at == null ? "" : FIELD.format(at);
    }

    public String time(@Nullable Instant at) {
        return at == null ? UNKNOWN : CLOCK.format(at) + " UTC";
    }

    /** With milliseconds, for steps that follow each other within one second. */
    public String moment(@Nullable Instant at) {
        return at == null ? UNKNOWN : MOMENT.format(at);
    }

    /** {@code FORWARD_ONLY} or {@code Preparing} as words within a sentence. */
    public String lower(@Nullable Object name) {
        return name == null ? "" : name.toString().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** Whole percent, rounded down, so that 100 is said only when nothing is left; null of what is unknown or empty. */
    public @Nullable Integer percent(@Nullable Long part, @Nullable Long whole) {
        return part == null || whole == null || whole == 0 ? null : (int) Math.clamp(part * 100.0 / whole, 0, 100);
    }

    /** A length in a drawing 100 wide; nothing is drawn of what is unknown. */
    public String share(@Nullable Long part, @Nullable Long whole) {
        double share = part == null || whole == null || whole == 0 ? 0 : Math.clamp(part * 100.0 / whole, 0, 100);
        return String.format(Locale.ROOT, "%.2f", share);
    }

    /** Bytes that need the source no more; once it is settled that is all of them, whatever the last report said. */
    public @Nullable Long local(MigrationView migration) {
        return switch (migration.state().toUpperCase(Locale.ROOT)) {
            case "SETTLING", "RELEASING", "DONE" -> migration.progress().totalBytes();
            default -> migration.progress().hydratedBytes();
        };
    }

    /** What a person calls a migration: its workload, else its volume. */
    public String subject(MigrationView migration) {
        if (migration.workload() != null) {
            return migration.workload();
        }
        return migration.volumes().isEmpty()
                ? migration.id()
                : migration.volumes().getFirst().id();
    }

    /** Whether there is a way back, as an answer. */
    public String engine(CloneEngine engine) {
        return switch (engine) {
            case DM_CLONE -> "dm-clone";
            case PORTABLE -> "portable engine";
        };
    }

    public String wayBack(MigrationView.StateKind kind) {
        return switch (kind) {
            case REVERSIBLE -> "yes";
            case FORWARD_ONLY -> "no, it has cut over";
            case TERMINAL -> "no, it has ended";
        };
    }

    /** The class that colours a state, phase or status; the word always stands beside it. */
    public String tone(Object state) {
        return switch (state.toString().toUpperCase(Locale.ROOT)) {
            case "DONE", "DRAINED", "ACTIVE", "OWNED" -> "good";
            case "STOPPING", "CLONING", "STARTING", "CANCELLING", "CORDONED", "EVACUATED", "FROZEN", "PAUSED" -> "care";
            case "ABORTING", "ABORTED", "BLOCKED", "LOST", "WRITTEN_OFF" -> "bad";
            case "PLANNED", "CANCELLED", "RETIRED", "SCHEDULED" -> "calm";
            default -> "busy";
        };
    }

    public List<Timeline.Step> timeline(MigrationView migration) {
        return Timeline.of(migration);
    }
}
