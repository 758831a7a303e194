package io.sluice.orchestrator.ceiling;

/** Told after ceilings were changed: rates and places may be different now. */
@FunctionalInterface
public interface CeilingListener {
    void ceilingsChanged();
}
