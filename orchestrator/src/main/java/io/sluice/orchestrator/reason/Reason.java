package io.sluice.orchestrator.reason;

/**
 * Why something waits, was refused or was given up, in words for the operator.
 *
 * @param code stable, upper case, words joined by underscores; one of {@link ReasonCode} or a code of an agent's failure
 * @param message what is the case, naming its subject
 * @param remedy the next thing to do
 */
public record Reason(String code, String message, String remedy) {
    public boolean is(ReasonCode other) {
        return code.equals(other.name());
    }
}
