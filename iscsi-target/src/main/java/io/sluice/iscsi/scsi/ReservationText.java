package io.sluice.iscsi.scsi;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@link Reservations} as lines of text, for a {@link ReservationStore}. PRgeneration starts anew at power on (SPC-4 §6.15.2). */
final class ReservationText {
    private static final String FIRST_LINE = "sluice reservations 1";
    private static final String ALL = "all";

    private ReservationText() {}

    static String encode(Reservations reservations) {
        StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        reservations
                .keys()
                .forEach((port, key) -> text.append("key %016x %012x %s\n".formatted(key, port.isid(), port.name())));
        Reservations.Holder holder = reservations.holder();
        if (holder != null) {
            InitiatorPort port = holder.port();
            String who = port == null ? ALL : "%012x %s".formatted(port.isid(), port.name());
            text.append("holder %d %s\n".formatted(holder.type().code(), who));
        }
        return text.append("end\n").toString();
    }

    /** @throws IllegalArgumentException when it is not what {@link #encode} wrote */
    static Reservations decode(String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        if (lines.size() < 2
                || !lines.removeFirst().equals(FIRST_LINE)
                || !lines.removeLast().equals("end")) {
            throw new IllegalArgumentException("not whole, or not of this version");
        }
        Map<InitiatorPort, Long> keys = new LinkedHashMap<>();
        Reservations.Holder holder = null;
        for (String line : lines) {
            List<String> words = List.of(line.split(" ", -1));
            switch (words.getFirst()) {
                case "key" -> keys.put(port(words, 2, line), Long.parseUnsignedLong(words.get(1), 16));
                case "holder" -> holder = holder(words, line);
                default -> throw unknown(line);
            }
        }
        return new Reservations(0, keys, holder, true);
    }

    private static Reservations.Holder holder(List<String> words, String line) {
        ReservationType type = words.size() < 3 ? null : ReservationType.of(Integer.parseInt(words.get(1)));
        if (type == null) {
            throw unknown(line);
        }
        return new Reservations.Holder(words.get(2).equals(ALL) ? null : port(words, 2, line), type);
    }

    private static InitiatorPort port(List<String> words, int at, String line) {
        if (words.size() != at + 2) {
            throw unknown(line);
        }
        return new InitiatorPort(words.get(at + 1), Long.parseLong(words.get(at), 16));
    }

    private static IllegalArgumentException unknown(String line) {
        return new IllegalArgumentException("a line that means nothing: '" + line + "'");
    }
}
