package io.sluice.agent.clone;

/** The metadata cannot be used: it belongs to other devices, or it is damaged. Nothing was changed. */
public final class CloneMetadataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CloneMetadataException(String message) {
        super(message);
    }
}
