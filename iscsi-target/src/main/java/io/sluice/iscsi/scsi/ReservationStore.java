package io.sluice.iscsi.scsi;

import org.jspecify.annotations.Nullable;

/** Keeps what PERSISTENT RESERVE OUT wants kept over a power loss (APTPL), per unit. Calls block; failures are unchecked. */
public interface ReservationStore {
    /** Keeps nothing, and says so: APTPL is then refused. */
    ReservationStore NONE = new ReservationStore() {
        @Override
        public boolean keeps() {
            return false;
        }

        @Override
        public @Nullable String load(String serial) {
            return null;
        }

        @Override
        public void save(String serial, String content) {
            throw new UnsupportedOperationException("nothing is kept here: " + serial);
        }
    };

    boolean keeps();

    /** What was saved last for the unit of this serial; null when nothing was. */
    @Nullable
    String load(String serial);

    /** Replaces what is kept for a unit; on stable storage when this returns, whole or not at all. Saving twice is harmless. */
    void save(String serial, String content);
}
