module revokecodes

go 1.22
