package io.sluice.iscsi.login;

/** Port: random bytes nobody can guess. */
public interface Nonces {

    byte[] bytes(int count);
}
